import type { RoomId, RoomListing } from "@/sync/model";
import type { Sections } from "@/sync/rooms/sections";

/** The sections of the list. */
export type SectionName = "rooms" | "direct" | "archived";

export type ListRow =
  | { readonly kind: "section"; readonly key: string; readonly section: SectionName; readonly count: number }
  | { readonly kind: "room"; readonly key: RoomId; readonly listing: RoomListing; readonly name: string };

interface Options {
  /** Only what has something unread. */
  readonly unreadOnly: boolean;
  readonly archivedShown: boolean;
  /** The room that is open: it is in sight whether or not it has been read, or put away. */
  readonly keep: RoomId;
}

/** The list as rows, one after the other. */
export function buildListRows(sections: Sections, { unreadOnly, archivedShown, keep }: Options): ListRow[] {
  const rows: ListRow[] = [];
  const add = (section: SectionName, all: readonly RoomListing[], open: boolean) => {
    const shown = unreadOnly ? all.filter((l) => l.unread.unread > 0 || l.room.id === keep) : all;
    if (shown.length === 0) return;
    rows.push({ kind: "section", key: `section-${section}`, section, count: shown.length });
    for (const listing of shown) {
      if (!open && listing.room.id !== keep) continue;
      rows.push({
        kind: "room",
        key: listing.room.id,
        listing,
        name: sections.names.get(listing.room.id) ?? "",
      });
    }
  };
  add("rooms", sections.rooms, true);
  add("direct", sections.direct, true);
  if (!unreadOnly) add("archived", sections.archived, archivedShown);
  return rows;
}
