/**
 * Runs before the app's script has arrived, and holds up the first paint: small on purpose. Sets the theme, draws the
 * frame of the room at this address, so that one can write, and then fetches what every opening needs: the app's script
 * and the first answers.
 */
import "@/ui/style/tokens.css";
import "@/ui/style/base.css";
import { startApp } from "./app-script";
import { beginEarly } from "./early";
import { drawFrame } from "./frame";
import { type LastRoom, lastRoom, readLastRoom } from "./last-room";
import { applyTheme, storedTheme } from "./theme";

const ROOM = /^\/rooms\/(r_[a-z2-7]{16})$/;
/** Pages of people who aren't signed in, or may not be. */
const GUEST = /^\/(sign-in|sign-up|setup|recover|join)(\/|$)/;

try {
  applyTheme(storedTheme());
  open(location.pathname);
} finally {
  startApp(ask);
}

function open(path: string): void {
  const room = ROOM.exec(path)?.[1];
  const root = document.getElementById("root");
  const [said, kept] = [fromServer(), lastRoom()].map((one) => (one?.room === room ? one : undefined));
  const known = said && kept ? { ...kept, ...said } : (said ?? kept);
  if (root !== null && known !== undefined) drawFrame(root, known);
}

/** What every opening asks first, under way while the app's script still is. */
function ask(): void {
  if (GUEST.test(location.pathname)) return;
  beginEarly("/api/v1/me");
  beginEarly("/api/v1/me/rooms");
}

/** The room that the server has put into the page. */
function fromServer(): LastRoom | undefined {
  return readLastRoom(document.getElementById("opening")?.textContent);
}
