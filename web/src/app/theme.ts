import { useEffect } from "react";
import { applyTheme, isThemeKey, storedTheme, storeTheme, type Theme } from "@/boot/theme";
import { useWatched, watched } from "./status/value";

export type { Theme };

const theme = watched<Theme>(storedTheme());

/** Changes the theme of this browser, for good. */
export function setTheme(next: Theme): void {
  storeTheme(next);
  theme.set(next);
}

export function useTheme(): Theme {
  return useWatched(theme);
}

theme.subscribe(() => applyTheme(theme.get()));
globalThis.addEventListener?.("storage", (event) => {
  if (isThemeKey(event.key)) theme.set(storedTheme());
});

/** Keeps the document's theme. Once on a page. */
export function useAppliedTheme(): void {
  const current = useTheme();
  useEffect(() => applyTheme(current), [current]);
}
