import { RoomScreen } from "@/features/conversation";
import { RoomList, RoomOverlays } from "@/features/rooms";
import { t } from "@/i18n";
import { EmptyState } from "@/ui";
import { MessagesSquare } from "@/ui/icons";
import { ErrorBoundary } from "./ErrorBoundary";
import { SelfRow } from "./layout/SelfRow";
import { Shell } from "./layout/Shell";
import type { RouteParams } from "./router";
import { useTitle } from "./title";

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

function Nothing() {
  useTitle("");
  return (
    <EmptyState icon={<MessagesSquare />} title={t("shell.home")}>
      {t("shell.homeDetail")}
    </EmptyState>
  );
}
