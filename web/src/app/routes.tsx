import { type ComponentType, lazy } from "react";
import { Home } from "./Home";
import { match, type RouteParams } from "./router";

/** Who may see a screen; `guest`: only who isn't signed in. */
type Access = "guest" | "anyone" | "person";

interface Route {
  readonly pattern: string;
  readonly access: Access;
  readonly screen: ComponentType<{ readonly params: RouteParams }>;
}

const SignIn = lazy(() => import("@/features/session/SignIn"));
const SignUp = lazy(() => import("@/features/session/SignUp"));
const SetUp = lazy(() => import("@/features/session/SetUp"));
const Recover = lazy(() => import("@/features/session/Recover"));
const Join = lazy(() => import("@/features/session/Join"));
const Settings = lazy(() => import("@/features/settings/Settings"));
const Admin = lazy(() => import("@/features/admin/Admin"));

const routes: Route[] = [
  { pattern: "/", access: "person", screen: Home },
  { pattern: "/rooms/:room", access: "person", screen: Home },
  { pattern: "/settings/:part?", access: "person", screen: Settings },
  { pattern: "/admin/:part?", access: "person", screen: Admin },
  { pattern: "/sign-in", access: "guest", screen: SignIn },
  { pattern: "/sign-up", access: "guest", screen: SignUp },
  { pattern: "/setup", access: "anyone", screen: SetUp },
  { pattern: "/recover", access: "anyone", screen: Recover },
  { pattern: "/join/:code", access: "anyone", screen: Join },
];

if (import.meta.env.DEV) {
  routes.push({ pattern: "/kit", access: "anyone", screen: lazy(() => import("./kit/Kit")) });
}

/** The screen at `path`, and what its address says. */
export function find(path: string): { readonly route: Route; readonly params: RouteParams } | undefined {
  for (const route of routes) {
    const params = match(route.pattern, path);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
