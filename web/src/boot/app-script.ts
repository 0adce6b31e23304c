/** The app's own script: fetched from the beginning, run when the frame is on the screen. */

/** So long the first paint may take; a tab in the background has none. */
const PAINT_MS_MAX = 100;

/** Runs the script that the page names; the development server's page runs it by itself. */
export function startApp(): void {
  const script = document.querySelector<HTMLLinkElement>("link[data-app]");
  if (script === null) return;
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    void import(/* @vite-ignore */ script.href);
  };
  // A frame is drawn after this callback; what is posted then runs behind it.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = begin;
    port2.postMessage(null);
  });
  setTimeout(begin, PAINT_MS_MAX);
}
