import { useSyncExternalStore } from "react";
import type { Me } from "./model";
import { SignedOutError } from "./problem";

/** Who is here. `ended`: somebody was, and can go on after signing in again over the page. */
export type SessionState =
  | { readonly state: "unknown" }
  | { readonly state: "out" }
  | { readonly state: "in"; readonly me: Me }
  | { readonly state: "ended"; readonly me: Me };

type News = { readonly kind: "in"; readonly person: string } | { readonly kind: "out" };

/** Where the last known person is kept, so that the app opens without a network. */
const STORED = "loquat:me";

/**
 * The session as this tab knows it. The cookie is the truth and no script can read it; what is here follows
 * from the server's answers. Tabs tell each other about signing in and out.
 */
class SessionStore {
  #state: SessionState = { state: "unknown" };
  readonly #listeners = new Set<() => void>();
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #channel =
    typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("loquat:session");
  /** Called when another tab signed in: it may be the session that this one waits for. */
  onNews: (() => void) | undefined;

  constructor() {
    this.#channel?.addEventListener("message", (event: MessageEvent<News>) => this.#hear(event.data));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): SessionState => this.#state;

  /** The server knows who we are. */
  entered(me: Me, options: { readonly tell?: boolean } = {}): void {
    store(me);
    this.#set({ state: "in", me });
    if (options.tell === true) this.#channel?.postMessage({ kind: "in", person: me.id } satisfies News);
    for (const waiting of this.#waiting.splice(0)) waiting.resolve();
  }

  /** The person's own record changed. */
  changed(me: Me): void {
    if (this.#state.state !== "in" && this.#state.state !== "ended") return;
    store(me);
    this.#set({ state: this.#state.state, me });
  }

  /** The server says that there is no session (any more). */
  refused(): void {
    if (this.#state.state === "in") this.#set({ state: "ended", me: this.#state.me });
    else if (this.#state.state === "unknown") this.left();
  }

  /** Whoever was here has left. */
  left(options: { readonly tell?: boolean } = {}): void {
    store(undefined);
    this.#set({ state: "out" });
    if (options.tell === true) this.#channel?.postMessage({ kind: "out" } satisfies News);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new SignedOutError("signed out"));
  }

  /** Resolves once there is a session again; rejects when the person leaves instead. */
  renewed(): Promise<void> {
    if (this.#state.state === "in") return Promise.resolve();
    if (this.#state.state !== "ended") return Promise.reject(new SignedOutError("signed out"));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #hear(news: News): void {
    if (news.kind === "out") {
      if (this.#state.state === "in" || this.#state.state === "ended") this.left();
    } else if (this.#state.state !== "in" || this.#state.me.id !== news.person) {
      this.onNews?.();
    }
  }

  #set(next: SessionState): void {
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

function store(me: Me | undefined): void {
  try {
    if (me === undefined) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, JSON.stringify(me));
  } catch {
    // Storage may be full or forbidden; the app then needs the network to open.
  }
}

/** The person who used the app last in this browser and didn't sign out. */
export function storedMe(): Me | undefined {
  try {
    const text = localStorage.getItem(STORED);
    return text === null ? undefined : (JSON.parse(text) as Me);
  } catch {
    return undefined;
  }
}

export const session = new SessionStore();

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.get);
}

/** The signed-in person. Only below screens that need one. */
export function useMe(): Me {
  const current = useSession();
  if (current.state === "in" || current.state === "ended") return current.me;
  throw new Error("useMe outside of a signed-in screen");
}
