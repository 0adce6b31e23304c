import { render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { dayNumber, formatAgo, formatDay, formatDuration, rich, setTimeZone, t, timeZone, Written } from ".";

const NOON = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

afterEach(() => setTimeZone(undefined));

test("placeholders are filled, numbers by the locale, forms by the count", () => {
  expect(t("admin.messagesCount", { count: 1 })).toBe("1 message");
  expect(t("admin.messagesCount", { count: 0 })).toBe("0 messages");
  expect(t("admin.messagesCount", { count: 12_345 })).toBe("12,345 messages");
});

test("what stands in a placeholder is never read as a placeholder or as markup", () => {
  expect(t("admin.keyRevokeTitle", { name: "{name} <b>" })).toBe("Revoke {name} <b>?");
  const { container } = render(<p>{rich("session.joinServer", { inviter: <b>{"<i>Mara</i>"}</b> })}</p>);
  expect(container.querySelector("b")?.textContent).toBe("<i>Mara</i>");
  expect(container.querySelector("i")).toBeNull();
});

test("what people wrote takes its own direction, apart from the text around it", () => {
  const { container } = render(<Written>نور</Written>);
  expect(container.querySelector("bdi")?.getAttribute("dir")).toBe("auto");
});

test("days are the reader's days", () => {
  const lateEvening = Date.UTC(2026, 10, 21, 23, 30);
  setTimeZone("UTC");
  expect(formatDay(lateEvening, NOON)).toBe("Yesterday");
  setTimeZone("Asia/Tokyo");
  expect(formatDay(lateEvening, NOON)).toBe("Today");
  expect(dayNumber(NOON) - dayNumber(NOON - 24 * HOUR)).toBe(1);
});

test("days around a change of the clocks are still one apart", () => {
  setTimeZone("Europe/Berlin");
  const before = Date.UTC(2026, 9, 24, 22, 30);
  expect(dayNumber(before + 25 * HOUR) - dayNumber(before)).toBe(1);
});

test("a zone that the browser doesn't know leaves its own", () => {
  setTimeZone("Mars/Olympus_Mons");
  expect(timeZone()).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

test("a clock that is ahead doesn't put others into the future", () => {
  expect(formatAgo(NOON + 24 * HOUR, NOON)).toBe("now");
  expect(formatAgo(NOON - 5 * 60_000, NOON)).toBe("5 minutes ago");
});

test("spans of time are said in their two largest units", () => {
  expect(formatDuration(0)).toBe("0 sec");
  expect(formatDuration(59_900)).toBe("59 sec");
  expect(formatDuration(26 * HOUR + 120_000)).toBe("1 day, 2 hr");
});
