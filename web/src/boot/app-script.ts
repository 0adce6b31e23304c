/** The app's own script and style: fetched from the beginning, in use when the frame is on the screen. */

/** So long the first paint may take; a tab in the background has none. */
const PAINT_MS_MAX = 100;

/** Runs the script that the page names; the development server's page runs it by itself. */
export function startApp(): void {
  const [script] = named("script");
  if (script === undefined) return;
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    // The script runs whatever becomes of the style: ugly words are better than none.
    void Promise.all(named("style").map(apply)).then(() => import(/* @vite-ignore */ script.href));
  };
  // A frame is drawn after this callback; what is posted then runs behind it.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = begin;
    port2.postMessage(null);
  });
  setTimeout(begin, PAINT_MS_MAX);
}

/** What the page has fetched for the app. */
function named(kind: "script" | "style"): HTMLLinkElement[] {
  return [...document.querySelectorAll<HTMLLinkElement>(`link[data-app][as="${kind}"]`)];
}

function apply(fetched: HTMLLinkElement): Promise<void> {
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.crossOrigin = "";
    link.onload = () => resolve();
    link.onerror = () => resolve();
    link.setAttribute("href", fetched.getAttribute("href") ?? "");
    document.head.append(link);
  });
}
