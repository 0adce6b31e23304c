import { createContext, type RefObject, useContext } from "react";
import type { RoomLive } from "@/realtime";
import type { PersonId, RoomListing } from "@/sync/model";

/** What others of the room ask of the composer. */
export interface ComposerHandle {
  focus(): void;
  /** Puts the text of an unsent message back, before whatever is being written. */
  takeBack(text: string): void;
}

/** What stays the same for as long as the room is open. */
export interface RoomScope {
  readonly live: RoomLive;
  readonly me: PersonId;
  readonly handle: string;
  readonly compose: RefObject<ComposerHandle | null>;
}

const Context = createContext<RoomScope | undefined>(undefined);
export const RoomProvider = Context.Provider;

const ListingContext = createContext<RoomListing | undefined>(undefined);
export const ListingProvider = ListingContext.Provider;

/** The room's row in the list: another one with every message, so not for each row of the timeline to ask. */
export function useRoomListing(): RoomListing {
  const listing = useContext(ListingContext);
  if (listing === undefined) throw new Error("useRoomListing outside of a room");
  return listing;
}

/** The room around the calling component. */
export function useRoom(): RoomScope {
  const scope = useContext(Context);
  if (scope === undefined) throw new Error("useRoom outside of a room");
  return scope;
}
