import type { Me } from "@/api";

/** A person for tests. */
export function mara(change: Partial<Me> = {}): Me {
  return {
    id: "p_maramaramaramara",
    handle: "mara",
    name: "Mara Lindqvist",
    email: "mara@example.org",
    time_zone: "Europe/Berlin",
    role: "member",
    deactivated: false,
    created_ms: 1_790_000_000_000,
    version: 1,
    ...change,
  };
}
