/**
 * Puts text in place of a part of the area's, as if it had been typed, so that undo takes it back. The command is
 * old, but nothing else writes into the platform's own undo history; where it is gone, there is no undo.
 */
export function replaceRange(area: HTMLTextAreaElement, from: number, to: number, insert: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand?.("insertText", false, insert)) return;
  const text = area.value.slice(0, from) + insert + area.value.slice(to);
  // Past React's own setter, which would take the change for one that it made itself.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(area, text);
  area.setSelectionRange(from + insert.length, from + insert.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
