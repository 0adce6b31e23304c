export { type EnterKey, enterKey, setEnterKey } from "./composer/preferences";
export { RoomScreen } from "./RoomScreen";
