import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useMe, useSession } from "@/api";
import { Live } from "./live/live";
import { Notifier } from "./Notifier";
import type { StartRealtime } from "./port";

export const LiveContext = createContext<Live | undefined>(undefined);

/** The client is a file of its own, fetched while the page is already being drawn: typing doesn't wait for it. */
function loadClient(): Promise<StartRealtime> {
  if (import.meta.env.MODE === "mock") return import("../../dev/realtime").then((module) => module.startFake);
  return import("./ably/client").then((module) => module.startRealtime);
}

/** Follows the server for the signed-in person, for everything below. One connection to a tab. */
export function Connected({ children }: { readonly children: ReactNode }) {
  const me = useMe();
  const { state } = useSession();
  const [live, setLive] = useState<Live>();

  useEffect(() => {
    const made = new Live(me.id, loadClient());
    setLive(made);
    return () => made.close();
  }, [me.id]);

  useEffect(() => {
    if (state === "in") live?.sessionRenewed();
  }, [state, live]);

  if (live === undefined || live.me !== me.id) return null;
  return (
    <LiveContext value={live}>
      {children}
      <Notifier />
    </LiveContext>
  );
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === undefined) throw new Error("useLive outside of Connected");
  return live;
}
