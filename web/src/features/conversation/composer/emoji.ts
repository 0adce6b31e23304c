/** The emoji by their names; a file of its own, fetched when the first name is typed. */
export interface Emoji {
  readonly emoji: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

/** The categories by the names that the list of names has for them. */
const NAMED = {
  smileys: "Smileys & Emotion",
  people: "People & Body",
  nature: "Animals & Nature",
  food: "Food & Drink",
  travel: "Travel & Places",
  activities: "Activities",
  objects: "Objects",
  symbols: "Symbols",
  flags: "Flags",
} as const;

export type Category = keyof typeof NAMED;
export const CATEGORIES = Object.keys(NAMED) as readonly Category[];

type Listed = Emoji & { readonly category: string };

let loaded: Promise<readonly Listed[]> | undefined;

function load(): Promise<readonly Listed[]> {
  loaded ??= import("gemoji").then(
    (module) => module.gemoji,
    (error: unknown) => {
      loaded = undefined;
      throw error;
    },
  );
  return loaded;
}

/** How well an emoji answers: names before tags, beginnings before middles, short before long. */
function rank(emoji: Emoji, query: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (const name of emoji.names) {
    if (name === query) return 0;
    if (name.startsWith(query)) best = Math.min(best, 1 + name.length / 100);
    else if (name.includes(query)) best = Math.min(best, 3 + name.length / 100);
  }
  if (emoji.tags.some((tag) => tag.startsWith(query))) best = Math.min(best, 2);
  return best;
}

/** The emoji that answer `query` best. */
export async function findEmoji(query: string, count: number): Promise<readonly Emoji[]> {
  const all = await load();
  return all
    .map((emoji) => ({ emoji, at: rank(emoji, query) }))
    .filter(({ at }) => at !== Number.POSITIVE_INFINITY)
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ emoji }) => emoji);
}

/** All emoji of a category, in the usual order. */
export async function emojiOf(category: Category): Promise<readonly Emoji[]> {
  return (await load()).filter((emoji) => emoji.category === NAMED[category]);
}
