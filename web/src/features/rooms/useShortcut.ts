import { useEffect, useRef } from "react";
import { answerShortcut, type Shortcut } from "@/boot/shortcuts";

/** Answers a shortcut while `ready`: what was pressed before the app was there, and from then on. */
export function useShortcut(shortcut: Shortcut, run: () => void, ready = true): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => (ready ? answerShortcut(shortcut, () => latest.current()) : undefined), [shortcut, ready]);
}
