/** What Enter does in the composer; with Shift (or Ctrl, Cmd) it does the other. */
export type EnterKey = "sends" | "newline";

const STORED = "loquat:enter";

export function storedEnterKey(): EnterKey {
  try {
    return localStorage.getItem(STORED) === "newline" ? "newline" : "sends";
  } catch {
    return "sends";
  }
}

export function storeEnterKey(value: EnterKey): void {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // Forbidden: it holds for this page.
  }
}
