import { describe, expect, it } from "vitest";
import type { Message } from "../model";
import { appended } from "../outbox/entry";
import { buildRows, type RowsInput } from "./rows";
import { emptyTimeline, type Timeline } from "./state";

const ME = "p_me";
const ANN = "p_ann";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const dayOf = (ms: number) => Math.floor(ms / DAY);

const message = (serial: string, author: string, sent_ms: number, local_id?: string): Message => ({
  serial,
  author,
  text: serial,
  sent_ms,
  local_id,
});
const timeline = (messages: Message[], gaps: string[] = []): Timeline => ({
  ...emptyTimeline,
  messages,
  gaps: new Set(gaps),
  edges: new Set(gaps),
  joined: true,
});
const waiting = (id: string, written_ms: number) =>
  appended({ id, room: "r", author: ME, text: id, written_ms }, 1);

/** The rows in shorthand: `+` begins a group, `.` goes on with one, `?` waits. */
function rows(input: Partial<RowsInput> & { timeline: Timeline }): string {
  const built = buildRows({ waiting: [], me: ME, read_at_opening: undefined, dayOf, ...input });
  return built
    .map((row) => {
      if (row.kind === "message") return `${row.head ? "+" : "."}${row.message.text}`;
      if (row.kind === "waiting") return `${row.head ? "+" : "."}?${row.entry.id}`;
      if (row.kind === "gap") return `gap<${row.before}`;
      return row.kind;
    })
    .join(" ");
}

describe("rows", () => {
  it("group what one author writes within five minutes", () => {
    const messages = [
      message("1", ANN, 0),
      message("2", ANN, 4 * MINUTE),
      message("3", ME, 5 * MINUTE),
      message("4", ME, 11 * MINUTE),
    ];
    expect(rows({ timeline: timeline(messages) })).toBe("start day +1 .2 +3 +4");
  });

  it("separate the days, and a day is never drawn twice by a clock that was set back", () => {
    const messages = [
      message("1", ANN, DAY - 1),
      message("2", ANN, DAY + 1),
      message("3", ANN, DAY - MINUTE),
      message("4", ANN, DAY + 2),
    ];
    expect(rows({ timeline: timeline(messages) })).toBe("start day +1 day +2 .3 .4");
  });

  it("show a hole where messages may be missing in the middle", () => {
    const messages = [message("1", ANN, 0), message("5", ANN, MINUTE)];
    expect(rows({ timeline: timeline(messages, ["1", "5"]) })).toBe("+1 gap<5 +5");
  });

  it("draw the line above the first unread message of somebody else", () => {
    const messages = [message("1", ANN, 0), message("2", ME, 1), message("3", ANN, 2), message("4", ANN, 3)];
    expect(rows({ timeline: timeline(messages), read_at_opening: "1" })).toBe("start day +1 +2 new +3 .4");
    expect(rows({ timeline: timeline(messages), read_at_opening: "4" })).toBe("start day +1 +2 +3 .4");
    expect(rows({ timeline: timeline(messages), read_at_opening: null })).toBe("start day new +1 +2 +3 .4");
  });

  it("draw no line while the place of the read marker is not known", () => {
    const messages = [message("7", ANN, 0), message("8", ANN, 1)];
    expect(rows({ timeline: timeline(messages, ["7"]), read_at_opening: "3" })).toBe("+7 .8");
  });

  it("keep what is above a message from changing its height when older ones are loaded", () => {
    const messages = [message("1", ANN, 0), message("2", ANN, MINUTE), message("3", ANN, 2 * MINUTE)];
    const before = timeline(messages.slice(1), ["2"]);
    const after = { ...timeline(messages), edges: before.edges };
    expect(rows({ timeline: before })).toBe("+2 .3");
    expect(rows({ timeline: after })).toBe("start day +1 +2 .3");
  });

  it("end with what waits, until the same message has come back", () => {
    const entries = [waiting("a", 10), waiting("b", 20)];
    expect(rows({ timeline: timeline([message("1", ME, 0)]), waiting: entries })).toBe(
      "start day +1 .?a .?b",
    );
    expect(
      rows({ timeline: timeline([message("1", ME, 0), message("2", ME, 5, "a")]), waiting: entries }),
    ).toBe("start day +1 .2 .?b");
  });

  it("don't take somebody else's message for one's own, whatever id it carries", () => {
    expect(rows({ timeline: timeline([message("1", ANN, 0, "a")]), waiting: [waiting("a", 10)] })).toBe(
      "start day +1 +?a",
    );
  });

  it("keep the key of a message from writing it to reading it", () => {
    const before = buildRows({
      timeline: timeline([]),
      waiting: [waiting("a", 10)],
      me: ME,
      read_at_opening: undefined,
      dayOf,
    });
    const after = buildRows({
      timeline: timeline([message("1", ME, 10, "a")]),
      waiting: [],
      me: ME,
      read_at_opening: undefined,
      dayOf,
    });
    expect(before.map((r) => r.key)).toEqual(after.map((r) => r.key));
  });
});
