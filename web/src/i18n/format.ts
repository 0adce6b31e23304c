import { locale } from "./locale";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let zone: string | undefined;
let cache = new Map<string, Intl.DateTimeFormat>();

/** Sets the time zone in which all times are written; undefined for the browser's own. */
export function setTimeZone(next: string | null | undefined): void {
  if ((next ?? undefined) === zone) return;
  try {
    if (next != null) new Intl.DateTimeFormat(locale, { timeZone: next });
    zone = next ?? undefined;
  } catch {
    // A zone that this browser doesn't know: its own is better than no time at all.
    zone = undefined;
  }
  cache = new Map();
}

/** The time zone in which times are written. */
export function timeZone(): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Making a formatter costs far more than using one, and there are few kinds. */
function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  let made = cache.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale, zone === undefined ? options : { ...options, timeZone: zone });
    cache.set(key, made);
  }
  return made;
}

/** The time of day, as "14:05" or "2:05 PM". */
export function formatTime(ms: number): string {
  return formatter({ hour: "numeric", minute: "2-digit" }).format(ms);
}

/** A date without a time, as "3 March 2027". */
export function formatDate(ms: number): string {
  return formatter({ dateStyle: "long" }).format(ms);
}

/** Date and time, in full, for titles and details. */
export function formatDateTime(ms: number): string {
  return formatter({ dateStyle: "medium", timeStyle: "short" }).format(ms);
}

/** The calendar day of `ms` as a number that rises by one from day to day, in the reader's zone. */
export function dayNumber(ms: number): number {
  const parts = formatter({ year: "numeric", month: "numeric", day: "numeric", calendar: "gregory" });
  const part = (type: string, from: Intl.DateTimeFormatPart[]) =>
    Number(from.find((piece) => piece.type === type)?.value);
  const all = parts.formatToParts(ms);
  return Math.floor(Date.UTC(part("year", all), part("month", all) - 1, part("day", all)) / DAY_MS);
}

/** The day of `ms` as one says it: "today", "yesterday", a weekday within a week, else the date. */
export function formatDay(ms: number, nowMs: number): string {
  const ago = dayNumber(nowMs) - dayNumber(ms);
  if (ago === 0 || ago === 1) {
    const said = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day");
    return said.charAt(0).toLocaleUpperCase(locale) + said.slice(1);
  }
  if (ago > 1 && ago < 7) return formatter({ weekday: "long" }).format(ms);
  const sameYear = formatter({ year: "numeric" }).format(ms) === formatter({ year: "numeric" }).format(nowMs);
  return formatter(
    sameYear
      ? { weekday: "long", month: "long", day: "numeric" }
      : { month: "long", day: "numeric", year: "numeric" },
  ).format(ms);
}

/** How long ago, as "5 minutes ago"; a moment in the future (a clock that is off) reads as now. */
export function formatAgo(ms: number, nowMs: number): string {
  const passed = Math.max(0, nowMs - ms);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "long" });
  if (passed < MINUTE_MS) return relative.format(0, "second");
  if (passed < 60 * MINUTE_MS) return relative.format(-Math.floor(passed / MINUTE_MS), "minute");
  if (passed < DAY_MS) return relative.format(-Math.floor(passed / (60 * MINUTE_MS)), "hour");
  if (passed < 30 * DAY_MS) return relative.format(-Math.floor(passed / DAY_MS), "day");
  return formatDate(ms);
}

/** How long until `ms`, as "in 7 days". */
export function formatUntil(ms: number, nowMs: number): string {
  const left = Math.max(0, ms - nowMs);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
  if (left < 60 * MINUTE_MS) return relative.format(Math.ceil(left / MINUTE_MS), "minute");
  if (left < DAY_MS) return relative.format(Math.round(left / (60 * MINUTE_MS)), "hour");
  return relative.format(Math.round(left / DAY_MS), "day");
}

// Made when the first number is written: the browser loads its tables for each.
let numbers: Intl.NumberFormat | undefined;
let compact: Intl.NumberFormat | undefined;

/** A number with its separators. */
export function formatNumber(value: number): string {
  numbers ??= new Intl.NumberFormat(locale);
  return numbers.format(value);
}

/** A number shortened for a tile or a badge, as "12.4K". */
export function formatCompact(value: number): string {
  compact ??= new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
  return compact.format(value);
}

/** A span of time in its two largest units, as "3 days, 4 hr"; below a minute in seconds. */
export function formatDuration(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  const units: [number, string][] = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ];
  const said = units
    .filter(([amount]) => amount > 0)
    .slice(0, 2)
    .map(([amount, unit]) =>
      new Intl.NumberFormat(locale, {
        style: "unit",
        unit,
        unitDisplay: unit === "day" ? "long" : "short",
      }).format(amount),
    );
  if (said.length === 0) {
    const seconds = Math.floor(ms / 1000);
    return new Intl.NumberFormat(locale, { style: "unit", unit: "second", unitDisplay: "short" }).format(
      seconds,
    );
  }
  return new Intl.ListFormat(locale, { type: "unit", style: "short" }).format(said);
}
