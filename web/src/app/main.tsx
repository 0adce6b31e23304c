import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RoomScreen } from "@/features/conversation";
import { RoomList } from "@/features/rooms";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <RoomList />
    <RoomScreen roomId="" />
  </StrictMode>,
);
