export { RoomList } from "./RoomList";
export { RoomOverlays } from "./RoomOverlays";
