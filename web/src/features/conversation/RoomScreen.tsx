/** The room that is open: header, timeline, composer. */
export function RoomScreen({ roomId }: { readonly roomId: string }) {
  return <section data-room={roomId} />;
}
