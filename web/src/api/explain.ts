import { type Key, t } from "@/i18n";
import { ApiError, Code, OfflineError } from "./problem";

/** What people are told about a code, in their words rather than the server's. */
const KEYS: Readonly<Record<number, Key>> = {
  [Code.SessionMissing]: "error.sessionMissing",
  [Code.WrongLogin]: "error.wrongLogin",
  [Code.WrongPassword]: "error.wrongPassword",
  [Code.AccountDeactivated]: "error.accountDeactivated",
  [Code.HandleTaken]: "error.handleTaken",
  [Code.EmailTaken]: "error.emailTaken",
  [Code.SignUpClosed]: "error.signUpClosed",
  [Code.InvitationNeeded]: "error.invitationNeeded",
  [Code.InvitationUnknown]: "error.invitationUnknown",
  [Code.InvitationExpired]: "error.invitationExpired",
  [Code.InvitationUsedUp]: "error.invitationUsedUp",
  [Code.SetupRefused]: "error.setupRefused",
  [Code.RecoveryRefused]: "error.recoveryRefused",
  [Code.NotAdministrator]: "error.notAdministrator",
  [Code.LastAdministrator]: "error.lastAdministrator",
  [Code.NotPermittedInRoom]: "error.notPermittedInRoom",
  [Code.LastOwner]: "error.lastOwner",
  [Code.RoomArchived]: "error.roomArchived",
  [Code.DirectRoomFixed]: "error.directRoomFixed",
};

const MINUTE_MS = 60_000;

function capitalised(text: string): string {
  return text === "" ? text : text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** One sentence about an error, for people. */
export function explain(error: unknown): string {
  if (error instanceof OfflineError) return t("error.offline");
  if (!(error instanceof ApiError)) return t("error.unknown");
  if (error.status === 429) return tooMany(error);
  const key = KEYS[error.code];
  if (key !== undefined) return t(key as "error.unknown");
  if (error.status >= 500) return t("error.server");
  // Refusals of single values are specific, and the server alone knows the rule.
  return capitalised(error.message) || t("error.unknown");
}

function tooMany(error: ApiError): string {
  const { retry_after_ms } = error;
  if (retry_after_ms === undefined) return t("error.tooMany");
  return retry_after_ms < MINUTE_MS
    ? t("error.tooManySeconds", { count: Math.max(1, Math.ceil(retry_after_ms / 1000)) })
    : t("error.tooManyMinutes", { count: Math.ceil(retry_after_ms / MINUTE_MS) });
}

/** The fields that a form's code alone points at. */
const FIELD_OF: Readonly<Record<number, string>> = {
  [Code.HandleTaken]: "handle",
  [Code.HandleRefused]: "handle",
  [Code.EmailTaken]: "email",
  [Code.EmailRefused]: "email",
  [Code.NameRefused]: "name",
  [Code.PasswordRefused]: "password",
};

/** What to say below each of a form's fields. */
export function explainFields(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const said: Record<string, string> = {};
  const field = FIELD_OF[error.code];
  if (field !== undefined) said[field] = explain(error);
  for (const [name, message] of error.fields) said[name] ??= capitalised(message);
  return said;
}
