import { QueryClient } from "@tanstack/react-query";
import { isTransient } from "@/api";

const RETRIES = 3;
const FRESH_MS = 15_000;
const DELAY_MS_MAX = 15_000;

/** What the server said, kept for as long as somebody looks at it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The browser's idea of being online is wrong too often (a server on this very machine, say): try.
      networkMode: "always",
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < RETRIES && isTransient(error),
      retryDelay: (failures) => Math.min(500 * 2 ** failures, DELAY_MS_MAX),
    },
    mutations: { networkMode: "always" },
  },
});
