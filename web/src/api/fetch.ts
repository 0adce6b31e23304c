import { takeEarly } from "@/boot/early";
import { fetchInTime } from "@/boot/in-time";
import { Code, OfflineError } from "./problem";
import { session } from "./session";

async function send(request: Request): Promise<Response> {
  try {
    return await (takeEarly(request) ?? fetchInTime(request));
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new OfflineError("the server can't be reached", { cause });
  }
}

/** Whether the answer says that the session is missing, as opposed to a wrong password. */
async function sessionMissing(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return (body as { code?: unknown } | undefined)?.code === Code.SessionMissing;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/**
 * `fetch` for our own API. When the session has ended in the middle, the request waits until the person has
 * signed in again and is then sent once more: a refused request did nothing, so nothing happens twice.
 */
export async function sessionFetch(request: Request): Promise<Response> {
  // Leaving needs no session: nobody is asked for a password in order to sign out.
  if (new URL(request.url).pathname.endsWith("/sign-out")) return send(request);
  const again = request.clone();
  const response = await send(request);
  if (!(await sessionMissing(response))) return response;
  session.refused();
  if (session.get().state !== "ended") return response;
  await Promise.race([session.renewed(), aborted(request.signal)]);
  return send(again);
}
