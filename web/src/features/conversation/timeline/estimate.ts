import type { Row } from "@/sync/timeline/rows";

const LINE_PX = 23;
/** How many characters a line holds, about. */
const LINE_CHARS = 90;

function textHeight(text: string): number {
  let lines = 0;
  for (const line of text.slice(0, 4_000).split("\n"))
    lines += Math.max(1, Math.ceil(line.length / LINE_CHARS));
  return lines * LINE_PX;
}

/** How high a row will be, before it has been seen: the nearer, the less the scroll bar moves. */
export function estimateHeight(row: Row | undefined): number {
  switch (row?.kind) {
    case "message":
      return textHeight(row.message.text) + (row.head ? 38 : 6);
    case "waiting":
      return textHeight(row.entry.text) + (row.head ? 38 : 6) + (row.entry.state === "failed" ? 36 : 0);
    case "start":
      return 168;
    case "day":
      return 44;
    case "gap":
      return 56;
    default:
      return 32;
  }
}
