export { RoomList } from "./RoomList";
