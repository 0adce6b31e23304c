import { type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

const LIMIT = 50;

interface Page<Item> {
  readonly items: Item[];
  readonly next?: string | null;
}

/** A list that comes in pages, joined. `ask` gets the page's parameters. */
export function usePaged<Item>(
  key: QueryKey,
  ask: (query: { limit: number; after?: string }) => Promise<Page<Item>>,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask({ limit: LIMIT, ...(pageParam === "" ? {} : { after: pageParam }) }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
    // While the next search is on its way, the last one stays in sight.
    placeholderData: (previous) => previous,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  });
}
