import { createContext, type RefObject, useContext } from "react";
import type { RoomLive } from "@/realtime";
import type { PersonId, RoomListing } from "@/sync/model";

/** What others of the room ask of the composer. */
export interface ComposerHandle {
  focus(): void;
  /** Puts the text of an unsent message back, before whatever is being written. */
  takeBack(text: string): void;
}

export interface RoomScope {
  readonly listing: RoomListing;
  readonly live: RoomLive;
  readonly me: PersonId;
  readonly handle: string;
  readonly compose: RefObject<ComposerHandle | null>;
}

const Context = createContext<RoomScope | undefined>(undefined);
export const RoomProvider = Context.Provider;

/** The room around the calling component. */
export function useRoom(): RoomScope {
  const scope = useContext(Context);
  if (scope === undefined) throw new Error("useRoom outside of a room");
  return scope;
}
