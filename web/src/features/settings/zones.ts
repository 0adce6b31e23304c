import { locale } from "@/i18n";
import type { Option } from "@/ui";

/** The zones that this browser knows; `also` is kept even if it isn't among them. */
export function zoneOptions(also: string | null): Option<string>[] {
  const zones = Intl.supportedValuesOf("timeZone");
  const all = also === null || zones.includes(also) ? zones : [also, ...zones];
  return all.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }));
}

/** Day and time in a zone, as "Sunday 14:05"; undefined where the browser doesn't know it. */
export function timeIn(zone: string | null, now_ms: number): string | undefined {
  const options = { weekday: "long", hour: "numeric", minute: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat(locale, {
      ...options,
      ...(zone === null ? {} : { timeZone: zone }),
    }).format(now_ms);
  } catch {
    return undefined;
  }
}
