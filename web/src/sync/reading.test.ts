import { describe, expect, it } from "vitest";
import {
  noteMarked,
  noteRead,
  nothingRead,
  REPORT_MS,
  readHere,
  readUpTo,
  reportFailed,
  takeReports,
} from "./reading";

describe("reading", () => {
  const looking = { room: "r", visible: true, focused: true, at_bottom: true, current: true, newest: "7" };
  it("counts only what somebody looks at", () => {
    expect(readUpTo(looking)).toBe("7");
    for (const not of ["visible", "focused", "at_bottom", "current"] as const)
      expect(readUpTo({ ...looking, [not]: false })).toBeUndefined();
  });

  it("reports at once, then at most once a second, and the last one always", () => {
    const first = takeReports(noteRead(nothingRead, "r", "5"), 1_000);
    expect(first.reports).toEqual([{ room: "r", serial: "5" }]);
    let state = noteRead(first.state, "r", "6");
    state = noteRead(state, "r", "7");
    const early = takeReports(state, 1_500);
    expect(early).toMatchObject({ reports: [], look_again_ms: 1_000 + REPORT_MS });
    expect(takeReports(early.state, 2_000).reports).toEqual([{ room: "r", serial: "7" }]);
  });

  it("does not report what is reported, or what another device has read", () => {
    const { state } = takeReports(noteRead(nothingRead, "r", "5"), 0);
    expect(takeReports(noteRead(state, "r", "5"), 9_000).reports).toEqual([]);
    const due = noteRead(state, "r", "6");
    expect(takeReports(noteMarked(due, [["r", "8"]]), 9_000).reports).toEqual([]);
    expect(takeReports(noteMarked(due, [["r", "4"]]), 9_000).reports).toEqual([{ room: "r", serial: "6" }]);
  });

  it("reports again what failed, unless something newer is due", () => {
    const { state } = takeReports(noteRead(nothingRead, "r", "5"), 0);
    expect(takeReports(reportFailed(state, { room: "r", serial: "5" }), 5_000).reports).toEqual([
      { room: "r", serial: "5" },
    ]);
    const newer = reportFailed(noteRead(state, "r", "6"), { room: "r", serial: "5" });
    expect(takeReports(newer, 5_000).reports).toEqual([{ room: "r", serial: "6" }]);
  });

  it("is not held up by a clock that was set back", () => {
    const { state } = takeReports(noteRead(nothingRead, "r", "5"), 86_400_000);
    expect(takeReports(noteRead(state, "r", "6"), 0).reports).toEqual([{ room: "r", serial: "6" }]);
  });

  it("shows a room as read before the server says so, until something new comes", () => {
    const state = noteRead(nothingRead, "r", "5");
    expect([readHere(state, "r", "5"), readHere(state, "r", "6"), readHere(state, "other", "5")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
