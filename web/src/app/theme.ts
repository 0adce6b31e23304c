import { useEffect } from "react";
import { useWatched, watched } from "./status/value";

export type Theme = "system" | "light" | "dark";

const STORED = "loquat:theme";
const GROUNDS = { light: "#f5f2eb", dark: "#121413" } as const;

function stored(): Theme {
  try {
    const theme = localStorage.getItem(STORED);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}

const theme = watched<Theme>(stored());

/** Changes the theme of this browser, for good. */
export function setTheme(next: Theme): void {
  try {
    localStorage.setItem(STORED, next);
  } catch {
    // Forbidden storage: the theme lasts as long as the page.
  }
  theme.set(next);
}

export function useTheme(): Theme {
  return useWatched(theme);
}

/** Puts the theme onto the document, before anything is painted. */
export function applyTheme(next: Theme = theme.get()): void {
  const root = document.documentElement;
  if (next === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = next;
  // The colour of the window's frame: by the theme, or by the system's preference as each tag says.
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = GROUNDS[next === "system" ? own : next];
  }
}

theme.subscribe(() => applyTheme());
globalThis.addEventListener?.("storage", (event) => {
  if (event.key === STORED) theme.set(stored());
});

/** Keeps the document's theme. Once on a page. */
export function useAppliedTheme(): void {
  const current = useTheme();
  useEffect(() => applyTheme(current), [current]);
}
