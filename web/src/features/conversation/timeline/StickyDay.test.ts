import { describe, expect, it } from "vitest";
import type { Row } from "@/sync/timeline/rows";
import { dayAt } from "./StickyDay";

const message = (sent_ms: number): Row => ({
  kind: "message",
  key: `${sent_ms}`,
  head: true,
  message: { serial: `${sent_ms}`, author: "p_a", text: "", sent_ms },
});

describe("the day above the list", () => {
  const rows: Row[] = [
    { kind: "start", key: "start" },
    { kind: "day", key: "day-1", ms: 10 },
    message(11),
    { kind: "new", key: "new" },
    message(12),
    { kind: "day", key: "day-2", ms: 20 },
    message(21),
  ];

  it("is that of the topmost message, and of the one above what is no message", () => {
    expect([2, 3, 4, 6].map((index) => dayAt(rows, index))).toEqual([11, 11, 12, 21]);
  });

  it("isn't said twice, nor where nobody knows it", () => {
    expect([0, 1, 5].map((index) => dayAt(rows, index))).toEqual([undefined, undefined, undefined]);
    expect(dayAt([], 0)).toBeUndefined();
  });
});
