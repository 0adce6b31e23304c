import { useMemo, useState } from "react";
import { dayNumber } from "@/i18n";
import { useWaiting } from "@/realtime";
import type { Serial } from "@/sync/model";
import { buildRows, type Row } from "@/sync/timeline/rows";
import type { Timeline } from "@/sync/timeline/state";
import { useRoom, useRoomListing } from "../RoomContext";

/** The rows of the room, and the marker above which everything had been read. */
export function useRows(timeline: Timeline): {
  readonly rows: readonly Row[];
  readonly marker: Serial | null | undefined;
  readonly setMarker: (marker: Serial) => void;
} {
  const { me } = useRoom();
  const listing = useRoomListing();
  const waiting = useWaiting(listing.room.id);
  // Where one had read to on opening: it stays while one reads on, or the line would flee from the eye.
  const [marker, setMarker] = useState<Serial | null | undefined>(() =>
    listing.unread.unread > 0 ? (listing.membership.read_serial ?? null) : undefined,
  );
  const rows = useMemo(
    () => buildRows({ timeline, waiting, me, read_at_opening: marker, dayOf: dayNumber }),
    [timeline, waiting, me, marker],
  );
  return { rows, marker, setMarker };
}
