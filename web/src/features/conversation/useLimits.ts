import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api";

/** What a message may have where the server hasn't said otherwise. */
const BYTES_MAX = 65_536;

/** How long a message may be, in bytes. */
export function useBytesMax(): number {
  const server = useQuery({
    queryKey: ["server"],
    queryFn: () => call(api.GET("/server")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return server.data?.max_message_bytes ?? BYTES_MAX;
}
