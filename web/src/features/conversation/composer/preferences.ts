import { watched } from "@/app/status/value";
import { type EnterKey, storedEnterKey, storeEnterKey } from "@/boot/enter-key";

export type { EnterKey };

/** What Enter does, on this device. */
export const enterKey = watched<EnterKey>(storedEnterKey());

export function setEnterKey(value: EnterKey): void {
  enterKey.set(value);
  storeEnterKey(value);
}
