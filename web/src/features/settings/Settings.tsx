import type { ComponentType, ReactNode } from "react";
import { SelfRow } from "@/app/layout/SelfRow";
import { Shell } from "@/app/layout/Shell";
import { SideNav } from "@/app/layout/SideNav";
import { NotFound } from "@/app/NotFound";
import { type RouteParams, type SettingsPart, to } from "@/app/router";
import { type Key, t } from "@/i18n";
import { Bell, Info, KeyRound, Laptop, Palette, Shield, User } from "@/ui/icons";
import { About } from "./About";
import { Account } from "./Account";
import { Appearance } from "./Appearance";
import { Notifications } from "./Notifications";
import { Profile } from "./Profile";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

interface Part {
  readonly part: SettingsPart;
  readonly icon: ReactNode;
  readonly screen: ComponentType;
}

const PARTS: readonly Part[] = [
  { part: "profile", icon: <User size={18} aria-hidden />, screen: Profile },
  { part: "account", icon: <Shield size={18} aria-hidden />, screen: Account },
  { part: "sessions", icon: <Laptop size={18} aria-hidden />, screen: Sessions },
  { part: "appearance", icon: <Palette size={18} aria-hidden />, screen: Appearance },
  { part: "notifications", icon: <Bell size={18} aria-hidden />, screen: Notifications },
  { part: "tokens", icon: <KeyRound size={18} aria-hidden />, screen: Tokens },
  { part: "about", icon: <Info size={18} aria-hidden />, screen: About },
];
const NAMES = {
  profile: "settings.profile",
  account: "settings.account",
  sessions: "settings.sessions",
  appearance: "settings.appearance",
  notifications: "settings.notifications",
  tokens: "settings.tokens",
  about: "settings.about",
} as const satisfies Record<SettingsPart, Key>;

/** One's own settings: a list of parts, and one of them. */
export default function Settings({ params }: { readonly params: RouteParams }) {
  const wanted = params["part"];
  const found = PARTS.find(({ part }) => part === (wanted ?? "profile"));
  if (found === undefined) return <NotFound />;
  return (
    <Shell
      label={t("shell.settings")}
      chosen={wanted !== undefined}
      sidebar={
        <>
          <SideNav
            title={t("shell.settings")}
            chosen={wanted !== undefined}
            first={to.settings("profile")}
            items={PARTS.map(({ part, icon }) => ({ to: to.settings(part), icon, label: t(NAMES[part]) }))}
          />
          <SelfRow />
        </>
      }
    >
      <found.screen key={found.part} />
    </Shell>
  );
}
