import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect } from "react";
import { explain, OfflineError, openSession, useSession } from "@/api";
import { leaveFrame } from "@/boot/frame";
import { forgetLastRoom } from "@/boot/last-room";
import { SignInAgain } from "@/features/session/SignInAgain";
import { setTimeZone, t } from "@/i18n";
import { forgetKept } from "@/realtime";
import { ErrorState, LoadingState, Toasts, TooltipProvider } from "@/ui";
import { ErrorBoundary } from "./ErrorBoundary";
import { queries } from "./queries";
import { Screen } from "./Screen";
import { useAppliedTheme } from "./theme";
import { DocumentTitle } from "./title";
import { useUpdatePrompt } from "./update";

/** Everything that is on every page. */
export function App() {
  useAppliedTheme();
  useUpdatePrompt();
  return (
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <DocumentTitle />
        <ErrorBoundary>
          <Opening />
        </ErrorBoundary>
        <SignInAgain />
        <Toasts />
      </TooltipProvider>
    </QueryClientProvider>
  );
}

/** Finds out who is here, then shows the screen. What is cached belongs to one person and goes with them. */
function Opening() {
  const current = useSession();
  const opening = useQuery({
    queryKey: ["opening"],
    queryFn: () => openSession().then(() => true),
    gcTime: 0,
  });
  const me = "me" in current ? current.me : undefined;
  const id = me?.id;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another person means other data
  useEffect(
    () => () => queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "opening" }),
    [id],
  );
  useEffect(() => {
    if (current.state !== "out") return;
    forgetLastRoom();
    void forgetKept();
  }, [current.state]);
  useEffect(() => setTimeZone(me?.time_zone), [me?.time_zone]);
  const unreachable = current.state === "unknown" && opening.error !== null;
  useLayoutEffect(() => {
    if (unreachable) leaveFrame();
  }, [unreachable]);

  if (current.state !== "unknown") return <Screen key={id ?? "guest"} />;
  if (opening.error !== null) {
    return (
      <ErrorState
        title={t("shell.unreachable")}
        detail={explain(opening.error)}
        offline={opening.error instanceof OfflineError}
        onRetry={() => void opening.refetch()}
      />
    );
  }
  return <LoadingState />;
}
