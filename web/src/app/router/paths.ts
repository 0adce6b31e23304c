/** The parts of one's settings. */
export type SettingsPart =
  | "profile"
  | "account"
  | "sessions"
  | "appearance"
  | "notifications"
  | "tokens"
  | "about";
/** The parts of the administrator's page. */
export type AdminPart = "overview" | "people" | "invitations" | "rooms" | "keys";

/** Every address of the app, in one place. */
export const to = {
  home: () => "/",
  room: (room: string) => `/rooms/${encodeURIComponent(room)}`,
  signIn: () => "/sign-in",
  signUp: (invitation?: string) =>
    invitation === undefined ? "/sign-up" : `/sign-up#${encodeURIComponent(invitation)}`,
  recover: () => "/recover",
  join: (code: string) => `/join/${encodeURIComponent(code)}`,
  settings: (part?: SettingsPart) => (part === undefined ? "/settings" : `/settings/${part}`),
  admin: (part?: AdminPart) => (part === undefined ? "/admin" : `/admin/${part}`),
} as const;
