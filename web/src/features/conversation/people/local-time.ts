import { locale } from "@/i18n";

/** The time of day in somebody else's zone; undefined if this browser doesn't know it. */
export function localTime(ms: number, zone: string): string | undefined {
  try {
    const format = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone });
    return format.format(ms);
  } catch {
    return undefined;
  }
}
