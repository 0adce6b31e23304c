import { memo, useMemo } from "react";
import { t } from "@/i18n";
import { SelectField, useNow } from "@/ui";
import { timeIn, zoneOptions } from "./zones";

/** The option that follows the browser; no zone has an empty name. */
const BROWSER = "";

interface Props {
  /** The zone; null for the browser's own. */
  readonly zone: string | null;
  readonly error: string | undefined;
  readonly onChange: (zone: string | null) => void;
}

/** The time zone, with the time there. Rendered apart: its list is long, and the fields beside it are typed in. */
export const ZoneField = memo(function ZoneField({ zone, error, onChange }: Props) {
  const zones = useMemo(
    () => [{ value: BROWSER, label: t("settings.timeZoneBrowser") }, ...zoneOptions(zone)],
    [zone],
  );
  const time = timeIn(zone, useNow());
  return (
    <SelectField
      label={t("settings.timeZone")}
      hint={time !== undefined && t("settings.timeZoneHint", { time })}
      value={zone ?? BROWSER}
      onChange={(next) => onChange(next === BROWSER ? null : next)}
      error={error}
      options={zones}
    />
  );
});
