export const rooms = {
  "rooms.onlyYou": "Only you",
} as const;
