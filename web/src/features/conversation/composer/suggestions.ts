import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { api, call } from "@/api";
import { t } from "@/i18n";
import { usePeople } from "@/realtime";
import type { Person, RoomListing } from "@/sync/model";
import { findEmoji } from "./emoji";
import type { Trigger } from "./trigger";

/** One thing that could be meant. */
export interface Suggestion {
  readonly key: string;
  /** What takes the place of what was typed. */
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
  readonly emoji?: string;
  readonly person?: Person;
}

const SHOWN_MAX = 8;
/** Members asked for; in larger rooms the server is asked by what was typed. */
const MEMBERS_MAX = 200;
const STALE_MS = 60_000;

/** What could be meant by what is being typed. */
export function useSuggestions(trigger: Trigger | undefined, listing: RoomListing): readonly Suggestion[] {
  const people = usePeopleFor(trigger?.kind === "mention" ? trigger.query : undefined, listing);
  const emoji = useEmojiFor(trigger?.kind === "emoji" ? trigger.query : undefined);
  if (trigger === undefined) return [];
  return trigger.kind === "mention" ? people : emoji;
}

function useEmojiFor(query: string | undefined): readonly Suggestion[] {
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    let current = true;
    if (query === undefined) setFound([]);
    else {
      findEmoji(query, SHOWN_MAX).then(
        (emoji) => current && setFound(emoji.map(fromEmoji)),
        () => undefined,
      );
    }
    return () => {
      current = false;
    };
  }, [query]);
  return found;
}

function fromEmoji({
  emoji,
  names,
}: {
  readonly emoji: string;
  readonly names: readonly string[];
}): Suggestion {
  const name = `:${names[0] ?? ""}:`;
  return { key: emoji, insert: `${emoji} `, label: name, detail: "", emoji };
}

function usePeopleFor(query: string | undefined, listing: RoomListing): readonly Suggestion[] {
  const { known } = usePeople();
  const room = listing.room.id;
  const asked = query !== undefined;
  const members = useQuery({
    queryKey: ["room", room, "members", "first"],
    queryFn: () =>
      call(api.GET("/rooms/{room}/members", { params: { path: { room }, query: { limit: MEMBERS_MAX } } })),
    enabled: asked,
    staleTime: STALE_MS,
  });
  const large = listing.room.members > MEMBERS_MAX;
  const found = useQuery({
    queryKey: ["people", "prefix", query],
    queryFn: () => call(api.GET("/people", { params: { query: { prefix: query ?? "", limit: SHOWN_MAX } } })),
    enabled: asked && large && query !== "",
    staleTime: STALE_MS,
  });

  return useMemo(() => {
    if (query === undefined) return [];
    const first =
      members.data?.items.map(({ person }) => person) ?? listing.others.flatMap((id) => known.get(id) ?? []);
    const people = new Map([...first, ...(found.data?.items ?? [])].map((person) => [person.id, person]));
    const matching = [...people.values()].filter((person) => matches(person, query));
    return [...matching.map(fromPerson), ...everybody(query)].slice(0, SHOWN_MAX);
  }, [query, members.data, found.data, listing.others, known]);
}

function matches(person: Person, query: string): boolean {
  if (person.deactivated === true) return false;
  const name = person.name.toLocaleLowerCase();
  return person.handle.startsWith(query) || name.startsWith(query) || name.includes(` ${query}`);
}

function fromPerson(person: Person): Suggestion {
  return {
    key: person.id,
    insert: `@${person.handle} `,
    label: person.name,
    detail: `@${person.handle}`,
    person,
  };
}

function everybody(query: string): Suggestion[] {
  return "all".startsWith(query)
    ? [{ key: "all", insert: "@all ", label: "@all", detail: t("conversation.everybody") }]
    : [];
}
