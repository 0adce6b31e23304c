import { watched } from "@/app/status/value";

/** What Enter does in the composer; with Shift (or Ctrl, Cmd) it does the other. */
export type EnterKey = "sends" | "newline";

const KEY = "loquat:enter";

function read(): EnterKey {
  try {
    return localStorage.getItem(KEY) === "newline" ? "newline" : "sends";
  } catch {
    return "sends";
  }
}

/** What Enter does, on this device. */
export const enterKey = watched<EnterKey>(read());

export function setEnterKey(value: EnterKey): void {
  enterKey.set(value);
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Forbidden: it holds for this page.
  }
}
