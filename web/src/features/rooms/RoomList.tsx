/** The list of one's rooms, in the sidebar. */
export function RoomList() {
  return <nav />;
}
