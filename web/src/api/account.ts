import { api, call } from "./client";
import type { Me } from "./model";
import { ApiError, OfflineError } from "./problem";
import { session, storedMe } from "./session";

/** So long the server may take to say who we are before the app opens with what is on this device. */
const PATIENCE_MS = 500;

/**
 * Asks the server who we are. Without a network, or while it is slow, it is whoever was here last: what they wrote
 * and read is on this device, and the first answer that comes through sets it right.
 */
export async function openSession(): Promise<void> {
  const waiting = setTimeout(openWithLast, PATIENCE_MS);
  try {
    session.entered(await call(api.GET("/me")));
  } catch (error) {
    const last = storedMe();
    if (error instanceof OfflineError && last !== undefined) session.entered(last);
    else if (error instanceof ApiError && error.status === 401) session.left();
    else if (session.get().state === "unknown") throw error;
  } finally {
    clearTimeout(waiting);
  }
}

function openWithLast(): void {
  const last = storedMe();
  if (session.get().state === "unknown" && last !== undefined) session.entered(last);
}

/** Signs in by handle or e-mail address. */
export async function signIn(login: string, password: string): Promise<void> {
  const { person } = await call(api.POST("/sign-in", { body: { login, password } }));
  session.entered(person, { tell: true });
}

/** Signs out here; the page's own data goes with the session. */
export async function signOut(): Promise<void> {
  try {
    await call(api.POST("/sign-out"));
  } catch (error) {
    // A session that has ended already is as good as signed out.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  session.left({ tell: true });
}

/** Takes over an answer that carries the signed-in person. */
export function entered(answer: { readonly person: Me }): void {
  session.entered(answer.person, { tell: true });
}

session.onNews = () => {
  openSession().catch(() => undefined);
};
