import { to } from "./router";

/** The sign-in page's address, remembering where its visitor was going. */
export function signInFor(path: string): string {
  return path === "/" ? to.signIn() : `${to.signIn()}#${encodeURIComponent(path)}`;
}

/** Where to go after signing in. Only addresses of the app itself: the hash can be written by anybody. */
export function nextAfter(hash: string): string {
  let path: string;
  try {
    path = decodeURIComponent(hash);
  } catch {
    return to.home();
  }
  // As the browser reads it: it drops tabs and line ends, and takes a backslash for a slash.
  const inside = path.startsWith("/") && URL.canParse(path, location.origin);
  return inside && new URL(path, location.origin).origin === location.origin ? path : to.home();
}
