import { useQuery } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import { useMe } from "@/api";
import { SelfRow } from "@/app/layout/SelfRow";
import { Shell } from "@/app/layout/Shell";
import { SideNav } from "@/app/layout/SideNav";
import { NotFound } from "@/app/NotFound";
import { type AdminPart, type RouteParams, to } from "@/app/router";
import { type Key, t } from "@/i18n";
import { CountBadge } from "@/ui";
import { Gauge, Hash, KeyRound, Mail, Users } from "@/ui/icons";
import { Invitations } from "./Invitations";
import { Keys } from "./Keys";
import { Overview } from "./Overview";
import { People } from "./People";
import { recoveriesQuery } from "./queries";
import { Rooms } from "./Rooms";

interface Part {
  readonly part: AdminPart;
  readonly icon: ReactNode;
  readonly screen: ComponentType;
}

const PARTS: readonly Part[] = [
  { part: "overview", icon: <Gauge size={18} aria-hidden />, screen: Overview },
  { part: "people", icon: <Users size={18} aria-hidden />, screen: People },
  { part: "invitations", icon: <Mail size={18} aria-hidden />, screen: Invitations },
  { part: "rooms", icon: <Hash size={18} aria-hidden />, screen: Rooms },
  { part: "keys", icon: <KeyRound size={18} aria-hidden />, screen: Keys },
];
const NAMES = {
  overview: "admin.overview",
  people: "admin.people",
  invitations: "admin.invitations",
  rooms: "admin.rooms",
  keys: "admin.keys",
} as const satisfies Record<AdminPart, Key>;

/** The administrator's page: a list of parts, and one of them. */
export default function Admin({ params }: { readonly params: RouteParams }) {
  const me = useMe();
  const wanted = params["part"];
  const found = PARTS.find(({ part }) => part === (wanted ?? "overview"));
  // Whether one is an administrator is the server's to decide; here it only saves a page of refusals.
  if (found === undefined || me.role !== "administrator") return <NotFound />;
  return (
    <Shell
      label={t("shell.admin")}
      chosen={wanted !== undefined}
      sidebar={
        <>
          <Nav chosen={wanted !== undefined} />
          <SelfRow />
        </>
      }
    >
      <found.screen key={found.part} />
    </Shell>
  );
}

function Nav({ chosen }: { readonly chosen: boolean }) {
  const waiting = useQuery(recoveriesQuery).data?.items.length ?? 0;
  return (
    <SideNav
      title={t("shell.admin")}
      chosen={chosen}
      first={to.admin("overview")}
      items={PARTS.map(({ part, icon }) => ({
        to: to.admin(part),
        icon,
        label: t(NAMES[part]),
        badge: part === "people" && (
          <CountBadge tone="apricot" count={waiting} label={t("admin.recoveriesCount", { count: waiting })} />
        ),
      }))}
    />
  );
}
