/** The codes of the server's error table that the app acts on; the rest is only shown. */
export const Code = {
  SessionMissing: 41001,
  WrongLogin: 41002,
  WrongPassword: 41003,
  AccountDeactivated: 41004,
  HandleTaken: 41010,
  EmailTaken: 41011,
  HandleRefused: 41012,
  NameRefused: 41013,
  EmailRefused: 41014,
  PasswordRefused: 41015,
  SignUpClosed: 41020,
  InvitationNeeded: 41021,
  InvitationUnknown: 41022,
  InvitationExpired: 41023,
  InvitationUsedUp: 41024,
  SetupRefused: 41025,
  RecoveryRefused: 41026,
  NotAdministrator: 41030,
  LastAdministrator: 41031,
  NotPermittedInRoom: 41040,
  LastOwner: 41041,
  RoomArchived: 41042,
  DirectRoomFixed: 41043,
  LimitReached: 41050,
  TooManyAttempts: 41051,
} as const;

/** The server refused a request, and said why (RFC 9457). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** The number in the server's error table; 0 when the answer came from something else. */
  readonly code: number;
  /** What was wrong with single fields, by name. */
  readonly fields: ReadonlyMap<string, string>;
  /** After how many milliseconds another try may help, if the server said. */
  readonly retry_after_ms: number | undefined;

  constructor(
    status: number,
    code: number,
    detail: string,
    fields: ReadonlyMap<string, string>,
    retry_after_ms?: number,
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retry_after_ms = retry_after_ms;
  }
}

/** The request never reached the server, or its answer never came back. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

/** The session ended and was not renewed: whoever asked has left. */
export class SignedOutError extends Error {
  override readonly name = "SignedOutError";
}

/** Whether trying the same again later may help. */
export function isTransient(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}

interface ProblemBody {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

function fieldsOf(errors: unknown): Map<string, string> {
  const fields = new Map<string, string>();
  if (!Array.isArray(errors)) return fields;
  for (const error of errors as unknown[]) {
    const { field, message } = (error ?? {}) as { field?: unknown; message?: unknown };
    if (typeof field === "string" && typeof message === "string") fields.set(field, message);
  }
  return fields;
}

/** Reads a refusal. An answer in another shape (a proxy's page, say) keeps its status alone. */
export function readProblem(response: Response, body: unknown): ApiError {
  const problem: ProblemBody = typeof body === "object" && body !== null ? body : {};
  const code = typeof problem.code === "number" ? problem.code : 0;
  const said = [problem.detail, problem.title].find((text) => typeof text === "string");
  const wait_s = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new ApiError(
    response.status,
    code,
    typeof said === "string" ? said : "",
    fieldsOf(problem.errors),
    Number.isFinite(wait_s) ? wait_s * 1000 : undefined,
  );
}
