/**
 * The nouns of the chat API as this app keeps them: the same names as on the wire, so that a value can be
 * followed from the server's row to the pixel. Times are milliseconds since 1970 by the server's clock.
 */

/** `p_` and 16 characters; also the clientId of that person in the realtime layer. */
export type PersonId = string;
/** `r_` and 16 characters; the room's channel is `<room id>::$chat`. */
export type RoomId = string;
/** Sortable as text, rising within a room, never issued twice. */
export type Serial = string;

export type RoomKind = "public" | "private" | "direct";
export type RoomRole = "owner" | "moderator" | "member" | "read_only";

export interface Person {
  readonly id: PersonId;
  readonly handle: string;
  readonly name: string;
  readonly time_zone?: string | null;
  readonly deactivated?: boolean;
  /** Rises with every change of the row; the higher one wins. */
  readonly version: number;
}

export interface Room {
  readonly id: RoomId;
  readonly kind: RoomKind;
  /** Empty for direct rooms: these are named after their people. */
  readonly name: string;
  readonly topic: string;
  readonly created_by: PersonId;
  readonly created_ms: number;
  readonly archived_ms?: number | null;
  readonly members: number;
  readonly messages: number;
  readonly last_serial?: Serial | null;
  readonly last_ms?: number | null;
  readonly version: number;
}

export interface Membership {
  readonly room: RoomId;
  readonly person: PersonId;
  readonly role: RoomRole;
  readonly joined_ms: number;
  readonly read_serial?: Serial | null;
  readonly version: number;
}

export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}

/** One room as its member sees it in the list. */
export interface RoomListing {
  readonly room: Room;
  readonly membership: Membership;
  readonly unread: Unread;
  /** The other members of a direct room, at most 8. */
  readonly others: readonly PersonId[];
}

/** The whole list at one moment: every row with a version up to `version` is accounted for. */
export interface RoomSnapshot {
  readonly items: readonly RoomListing[];
  readonly version: number;
}

/** Absolute values after a stored message or a moved read marker. */
export interface RoomActivity {
  readonly room: RoomId;
  readonly messages: number;
  readonly last_serial?: Serial | null;
  readonly last_ms?: number | null;
  readonly unread: number;
  readonly mentions: number;
  readonly mentioned?: boolean;
  readonly version: number;
}

/** What arrives on a person's own channel. Applying one twice, or late, changes nothing. */
export type PersonalEvent =
  | { readonly name: "room.changed"; readonly data: { readonly listing: RoomListing } }
  | { readonly name: "room.removed"; readonly data: { readonly room: RoomId; readonly version: number } }
  | { readonly name: "room.activity"; readonly data: RoomActivity }
  | { readonly name: "person.changed"; readonly data: { readonly person: Person } }
  | { readonly name: "session.ended"; readonly data: { readonly session: string } }
  | {
      readonly name: "member.changed";
      readonly data: {
        readonly room: RoomId;
        readonly person: PersonId;
        readonly role: RoomRole | null;
        /** How many members the room has now. */
        readonly members: number;
        readonly version: number;
      };
    };

/** A message as every subscriber of the room has it. */
export interface Message {
  readonly serial: Serial;
  readonly author: PersonId;
  readonly text: string;
  readonly sent_ms: number;
  /** The author's own id of it (`headers["loquat-id"]`), by which their app knows its message again. */
  readonly local_id?: string | undefined;
}
