import { useQuery } from "@tanstack/react-query";
import { api, call } from "@/api";

/** What the server says of itself to anybody. */
export function useServer() {
  return useQuery({ queryKey: ["server"], queryFn: () => call(api.GET("/server")) });
}
