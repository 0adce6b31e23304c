import { describe, expect, it } from "vitest";
import type { RoomListing } from "./model";
import {
  forget,
  noteListings,
  noteRead,
  nothingRead,
  REPORT_MS,
  readHere,
  readUpTo,
  reportFailed,
  takeReports,
} from "./reading";

/** A room as the server lists it: how far it has counted, where the marker stands, and what it calls unread. */
function listed(read_serial: string | null, last_serial: string, unread: number): [RoomListing] {
  const room = {
    id: "r",
    kind: "private" as const,
    name: "r",
    topic: "",
    created_by: "p",
    created_ms: 0,
    members: 2,
    messages: 9,
    last_serial,
    version: 1,
  };
  const membership = {
    room: "r",
    person: "p",
    role: "member" as const,
    joined_ms: 0,
    read_serial,
    version: 1,
  };
  return [{ room, membership, unread: { unread, mentions: 0 }, others: [] }];
}

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
    expect(takeReports(noteListings(due, listed("8", "8", 0)), 9_000).reports).toEqual([]);
    const known = noteListings(nothingRead, listed("8", "8", 0));
    expect(takeReports(noteRead(known, "r", "7"), 9_000).reports).toEqual([]);
  });

  it("reports again what the server counts only afterwards, or has forgotten", () => {
    const { state } = takeReports(noteRead(nothingRead, "r", "5"), 0);
    const behind = noteListings(state, listed("4", "4", 0));
    expect(takeReports(behind, 9_000).reports).toEqual([]);
    const counted = noteListings(behind, listed("4", "5", 1));
    const again = takeReports(counted, 9_000);
    expect(again.reports).toEqual([{ room: "r", serial: "5" }]);
    expect(takeReports(noteListings(again.state, listed("5", "5", 0)), 19_000).reports).toEqual([]);
    expect(takeReports(noteListings(counted, listed("5", "5", 0)), 9_000).reports).toEqual([]);
  });

  it("leaves alone what somebody has set back, here or on another device", () => {
    const { state } = takeReports(noteRead(nothingRead, "r", "5"), 0);
    const marked = noteListings(state, listed("5", "5", 0));
    const elsewhere = noteListings(marked, listed("3", "5", 2));
    expect(takeReports(elsewhere, 9_000).reports).toEqual([]);
    expect(readHere(elsewhere, "r", "5")).toBe(false);
    expect(takeReports(noteListings(forget(marked, "r"), listed("3", "5", 2)), 9_000).reports).toEqual([]);
    expect(takeReports(noteRead(elsewhere, "r", "6"), 9_000).reports).toEqual([{ room: "r", serial: "6" }]);
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
