/** What the app's first script says; small, for it holds up the first paint. */
export const boot = {
  "conversation.write": "Message",
  "conversation.writeIn": "Message {name}",
  "rooms.switcher": "Go to a room or a person",
  "rooms.switcherHint": "Room, person…",
} as const;
