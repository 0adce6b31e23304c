/**
 * What Enter does in the composer; with Shift (or Ctrl, Cmd) it does the other. A touch screen's keyboard has no Shift
 * to hold, and a button to send stands beside it: there Enter begins a line, unless somebody has said otherwise.
 */
export type EnterKey = "sends" | "newline";

const STORED = "loquat:enter";

export function storedEnterKey(): EnterKey {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored === "newline" || stored === "sends") return stored;
  } catch {
    // Forbidden: then it is as for those who never chose.
  }
  return matchMedia("(hover: hover)").matches ? "sends" : "newline";
}

export function storeEnterKey(value: EnterKey): void {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // Forbidden: it holds for this page.
  }
}
