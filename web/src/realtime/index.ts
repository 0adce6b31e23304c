export { forgetKept } from "./browser/kept-storage";
export { textStorage } from "./browser/text-storage";
export { Connected, LiveContext, useLive } from "./Connected";
export {
  roomName,
  useListing,
  usePeople,
  usePerson,
  useRooms,
  useSections,
  useSelected,
  useStore,
  useWaiting,
} from "./hooks";
export type { Live } from "./live/live";
export { type Fetching, PAGE, type RoomLive } from "./live/room";
