/** Dialogs of the rooms that belong to no place. */
export function RoomOverlays() {
  return null;
}
