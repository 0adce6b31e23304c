import { RoomScreen } from "@/features/conversation";
import { RoomList, RoomOverlays } from "@/features/rooms";
import { t } from "@/i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { SelfRow } from "./layout/SelfRow";
import { Shell } from "./layout/Shell";
import { Nothing } from "./Nothing";
import type { RouteParams } from "./router";

/** One's rooms, and the one that is open. */
export function Home({ params }: { readonly params: RouteParams }) {
  const room = params["room"];
  return (
    <>
      <Shell
        label={t("shell.rooms")}
        chosen={room !== undefined}
        sidebar={
          <>
            <RoomList />
            <SelfRow />
          </>
        }
      >
        {room === undefined ? (
          <Nothing />
        ) : (
          <ErrorBoundary resetKey={room}>
            <RoomScreen roomId={room} />
          </ErrorBoundary>
        )}
      </Shell>
      <RoomOverlays />
    </>
  );
}
