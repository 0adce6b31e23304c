import { useEffect, useRef } from "react";
import { useLive, useStore } from "@/realtime";
import type { Serial } from "@/sync/model";
import { readUpTo } from "@/sync/reading";
import type { Timeline } from "@/sync/timeline/state";
import { useRoom, useRoomListing } from "../RoomContext";

interface Input {
  readonly timeline: Timeline;
  readonly atEnd: boolean;
  readonly marker: Serial | null | undefined;
  readonly setMarker: (marker: Serial) => void;
}

/** Counts the room as read while somebody looks at its end, and remembers where they stopped looking. */
export function useReading({ timeline, atEnd, setMarker }: Input): void {
  const { reader, looking: lookingStore } = useLive();
  const { live, me } = useRoom();
  const listing = useRoomListing();
  const looking = useStore(lookingStore);
  const link = useStore(live.roomLink);
  const room = listing.room.id;
  const current = timeline.joined && link.state === "attached";
  // What one writes oneself is no news: only what others write moves the marker.
  const newest = timeline.messages.findLast((message) => message.author !== me)?.serial;
  const read = readUpTo({ room, ...looking, at_bottom: atEnd, newest, current });

  useEffect(() => {
    if (read !== undefined) reader.read(room, read);
  }, [reader, room, read]);

  const looked = useRef<Serial>(undefined);
  const here = looking.visible && looking.focused;
  useEffect(() => {
    if (here) looked.current = read ?? looked.current;
    else if (looked.current !== undefined) setMarker(looked.current);
  }, [here, read, setMarker]);
}
