export { RoomScreen } from "./RoomScreen";
