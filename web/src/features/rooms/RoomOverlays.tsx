import { lazy, Suspense, useEffect } from "react";
import { usePlace } from "@/app/router";
import { useWatched } from "@/app/status/value";
import { takeField } from "@/boot/switcher-field";
import { overlay } from "./overlay";
import { noteOpened } from "./switcher/recent";
import { useShortcut } from "./useShortcut";

const loadSwitcher = () => import("./switcher/QuickSwitcher").then((m) => ({ default: m.QuickSwitcher }));
const QuickSwitcher = lazy(loadSwitcher);
const CreateRoom = lazy(() => import("./create/CreateRoom").then((m) => ({ default: m.CreateRoom })));
const BrowseRooms = lazy(() => import("./create/BrowseRooms").then((m) => ({ default: m.BrowseRooms })));
const NewMessage = lazy(() => import("./create/NewMessage").then((m) => ({ default: m.NewMessage })));

/** By then the first screen has had the network for itself. */
const SETTLED_MS = 1_000;

/** Dialogs of the rooms that belong to no place, and the keys that open them. */
export function RoomOverlays() {
  const open = useWatched(overlay);
  const { path } = usePlace();

  useEffect(() => {
    const room = path.startsWith("/rooms/") ? decodeURIComponent(path.split("/")[2] ?? "") : "";
    if (room !== "") noteOpened(room);
  }, [path]);

  useShortcut("switcher", () => {
    const next = overlay.get() === "switcher" ? "none" : "switcher";
    if (next === "none") takeField();
    overlay.set(next);
  });

  // Whoever presses the keys types on at once, and must not type into what lies below.
  useEffect(() => {
    const timer = setTimeout(() => void loadSwitcher().catch(() => undefined), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);

  if (open === "none") return null;
  return (
    <Suspense>
      {open === "switcher" && <QuickSwitcher />}
      {open === "create" && <CreateRoom />}
      {open === "browse" && <BrowseRooms />}
      {open === "message" && <NewMessage />}
    </Suspense>
  );
}
