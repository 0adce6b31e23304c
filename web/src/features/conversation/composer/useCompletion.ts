import { type KeyboardEvent, useEffect, useId, useState } from "react";
import type { RoomListing } from "@/sync/model";
import { type Suggestion, useSuggestions } from "./suggestions";
import { inCode, type Trigger, triggerAt } from "./trigger";

export interface Completion {
  readonly id: string;
  readonly items: readonly Suggestion[];
  readonly chosen: number;
  setChosen(index: number): void;
  /** Takes the keys that belong to an open list; answers whether it did. */
  onKeyDown(event: KeyboardEvent): boolean;
  /** The text or the caret has changed. */
  look(text: string, caret: number): void;
  take(item: Suggestion): void;
  close(): void;
}

/** Completion of what is typed at the caret, by keyboard and pointer. `replace` puts the choice into the text. */
export function useCompletion(
  listing: RoomListing,
  replace: (from: number, insert: string) => void,
): Completion {
  const id = useId();
  const [trigger, setTrigger] = useState<Trigger>();
  const [dismissed, setDismissed] = useState<number>();
  const [chosen, setChosen] = useState(0);
  const open = trigger !== undefined && trigger.from !== dismissed;
  const items = useSuggestions(open ? trigger : undefined, listing);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another query begins at its best answer
  useEffect(() => setChosen(0), [trigger?.query, trigger?.kind]);

  const take = (item: Suggestion) => {
    if (trigger === undefined) return;
    replace(trigger.from, item.insert);
    setTrigger(undefined);
  };

  const look = (text: string, caret: number) => {
    const next = inCode(text, caret) ? undefined : triggerAt(text, caret);
    if (next?.from !== dismissed) setDismissed(undefined);
    setTrigger(next);
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (items.length === 0 || event.nativeEvent.isComposing) return false;
    const item = items[chosen];
    if (event.key === "ArrowDown") setChosen((chosen + 1) % items.length);
    else if (event.key === "ArrowUp") setChosen((chosen + items.length - 1) % items.length);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && item !== undefined)
      take(item);
    else if (event.key === "Escape") setDismissed(trigger?.from);
    else return false;
    event.preventDefault();
    return true;
  };

  return { id, items, chosen, setChosen, onKeyDown, look, take, close: () => setTrigger(undefined) };
}
