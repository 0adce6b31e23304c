import { Suspense, useEffect, useLayoutEffect } from "react";
import { type SessionState, useSession } from "@/api";
import { isFramed, leaveFrame } from "@/boot/frame";
import { Connected } from "@/realtime";
import { LoadingState } from "@/ui";
import { ErrorBoundary } from "./ErrorBoundary";
import { NotFound } from "./NotFound";
import { nextAfter, signInFor } from "./next";
import { navigate, usePlace } from "./router";
import { find } from "./routes";

type Found = NonNullable<ReturnType<typeof find>>;

/** Where somebody must go who may not be here. */
function elsewhere(
  found: Found,
  state: SessionState["state"],
  path: string,
  hash: string,
): string | undefined {
  const { access } = found.route;
  if (access === "person" && state === "out") return signInFor(path);
  if (access === "guest" && state === "in") return nextAfter(hash);
  return undefined;
}

/** The screen of the address that we are at, for who is looking. */
export function Screen() {
  const { path, hash } = usePlace();
  const { state } = useSession();
  const found = find(path);
  const target = found === undefined ? undefined : elsewhere(found, state, path, hash);

  const room = found?.params["room"];
  useLayoutEffect(() => {
    if (room === undefined || !isFramed(room)) leaveFrame();
  }, [room]);

  useEffect(() => {
    if (target !== undefined) navigate(target, { replace: true });
  }, [target]);

  if (found === undefined) return <NotFound />;
  if (target !== undefined) return null;
  const { route, params } = found;
  const screen = (
    <ErrorBoundary resetKey={path}>
      <Suspense fallback={<LoadingState />}>
        <route.screen params={params} />
      </Suspense>
    </ErrorBoundary>
  );
  // One place in the tree for all signed-in screens, so that going between them keeps the connection.
  return route.access === "person" ? <Connected>{screen}</Connected> : screen;
}
