/**
 * The app's own script and style. Where one can write at once, in a room's frame, they are fetched when that is on the
 * screen; everywhere else from the beginning, and in use when the first picture has been drawn.
 */

/** How the server names them to a page that draws a frame (`crates/api`, `web::opening`). */
const NAMED = "app";
/** So long the first paint may take where none is announced. */
const PAINT_MS_MAX = 400;
/** A page that is never idle goes on all the same. */
const IDLE_MS_MAX = 100;

/**
 * Runs the script that the page names, and `meanwhile` while it comes, both behind the first paint; the development
 * server's page runs it by itself.
 */
export function startApp(meanwhile: () => void): void {
  const [script] = named("script");
  // What is fetched already costs nothing more by asking now.
  const waits = script?.rel === NAMED;
  if (!waits) meanwhile();
  if (script === undefined) return;
  afterPaint(() => {
    if (waits) {
      // Fetched and compiled while the style is on its way.
      script.rel = "modulepreload";
      meanwhile();
    }
    // The script runs whatever becomes of the style: ugly words are better than none.
    void Promise.all(named("style").map(apply)).then(() => import(/* @vite-ignore */ script.href));
  });
}

/** Calls `run` once, when a picture has been drawn; a page that nobody sees draws none. */
function afterPaint(run: () => void): void {
  if (document.visibilityState === "hidden") {
    run();
    return;
  }
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    run();
  };
  // A frame is drawn after this callback; what is posted then runs behind it, and what has been typed by then first.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => whenIdle(begin);
    port2.postMessage(null);
  });
  setTimeout(begin, PAINT_MS_MAX);
}

/** Calls `run` as soon as nothing else is to be done; not every browser says so. */
function whenIdle(run: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: IDLE_MS_MAX });
  else setTimeout(run);
}

/** What the page names for the app. */
function named(kind: "script" | "style"): HTMLLinkElement[] {
  return [...document.querySelectorAll<HTMLLinkElement>(`link[data-app][as="${kind}"]`)];
}

function apply(named: HTMLLinkElement): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.crossOrigin = "";
    link.onload = () => resolve();
    link.onerror = () => resolve();
    link.setAttribute("href", named.getAttribute("href") ?? "");
    document.head.append(link);
  });
}
