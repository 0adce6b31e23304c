/** The theme of this browser: what is stored of it, and how the document shows it. */
export type Theme = "system" | "light" | "dark";

const STORED = "loquat:theme";
const GROUNDS = { light: "#f5f2eb", dark: "#121413" } as const;

/** Whether a change of storage under this key concerns the theme. */
export function isThemeKey(key: string | null): boolean {
  return key === STORED;
}

export function storedTheme(): Theme {
  try {
    const theme = localStorage.getItem(STORED);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}

export function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Forbidden storage: the theme lasts as long as the page.
  }
}

/** Puts the theme onto the document, before anything is painted. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  // The colour of the window's frame: by the theme, or by the system's preference as each tag says.
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = GROUNDS[theme === "system" ? own : theme];
  }
}
