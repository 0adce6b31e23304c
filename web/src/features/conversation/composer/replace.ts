/**
 * Puts text in place of a part of the area's, as if it had been typed, so that undo takes it back. The command is
 * old, but nothing else writes into the platform's own undo history.
 */
export function replaceRange(area: HTMLTextAreaElement, from: number, to: number, insert: string): void {
  area.focus();
  area.setSelectionRange(from, to);
  if (document.execCommand("insertText", false, insert)) return;
  area.setRangeText(insert, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
