import { locale } from "@/i18n";
import type { Option } from "@/ui";

/** How far a zone is from UTC now, as "UTC+2". */
function offset(zone: string, now_ms: number): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "shortOffset" });
  return parts.formatToParts(now_ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** The zones that this browser knows, with their offsets; `also` is kept even if it isn't among them. */
export function zoneOptions(also: string | null | undefined, now_ms: number): Option<string>[] {
  const zones = Intl.supportedValuesOf("timeZone");
  const all = also == null || zones.includes(also) ? zones : [also, ...zones];
  return all.map((zone) => {
    try {
      return { value: zone, label: `${zone.replaceAll("_", " ")} (${offset(zone, now_ms)})` };
    } catch {
      return { value: zone, label: zone };
    }
  });
}
