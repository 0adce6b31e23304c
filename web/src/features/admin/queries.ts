import { queryOptions } from "@tanstack/react-query";
import { api, call } from "@/api";

const STATS_MS = 2_000;
const RECOVERIES_MS = 30_000;

/** Live numbers; asked for again as long as somebody looks. */
export const statsQuery = queryOptions({
  queryKey: ["admin", "stats"],
  queryFn: () => call(api.GET("/admin/stats")),
  refetchInterval: STATS_MS,
  retry: false,
});

/** Who asked for help with their password. */
export const recoveriesQuery = queryOptions({
  queryKey: ["admin", "recoveries"],
  queryFn: () => call(api.GET("/admin/recoveries")),
  refetchInterval: RECOVERIES_MS,
});
