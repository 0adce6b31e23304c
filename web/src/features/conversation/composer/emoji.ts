/** The emoji by their names; a file of its own, fetched when the first name is typed. */
export interface Emoji {
  readonly emoji: string;
  readonly names: readonly string[];
  readonly tags: readonly string[];
}

let loaded: Promise<readonly Emoji[]> | undefined;

function load(): Promise<readonly Emoji[]> {
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
