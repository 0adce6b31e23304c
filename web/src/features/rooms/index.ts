export { RoomDetails } from "./details";
export { openDirect } from "./direct";
export { RoomList } from "./list/RoomList";
export { openRooms } from "./overlay";
export { RoomOverlays } from "./RoomOverlays";
export { RoomPreview } from "./RoomPreview";
export { RoomSign } from "./RoomSign";
