import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ANSWER_MS_MAX } from "@/boot/in-time";
import { mara } from "@/test/people";
import { pretendServer, refusal } from "@/test/server";
import { signIn } from "./account";
import { api, call } from "./client";
import { ApiError, Code, OfflineError, SignedOutError } from "./problem";
import { session } from "./session";

afterEach(() => session.left());

/** A server whose session is gone until somebody signs in. */
function forgetfulServer() {
  let known = false;
  return pretendServer(({ method, path, body }) => {
    if (path === "/sign-in") {
      if ((body as { password: string }).password !== "right") return refusal(401, Code.WrongLogin);
      known = true;
      return { body: { person: mara() } };
    }
    if (!known) return refusal(401, Code.SessionMissing);
    return method === "PATCH" ? { body: mara({ name: "Mara L." }) } : { body: mara() };
  });
}

test("a request in whose middle the session ends is sent again, whole, after signing in", async () => {
  const asked = forgetfulServer();
  session.entered(mara());
  const change = call(api.PATCH("/me", { body: { name: "Mara L." } }));
  await expect.poll(() => session.get().state).toBe("ended");

  await signIn("mara", "right");
  expect((await change).name).toBe("Mara L.");
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "PATCH /me",
    "POST /sign-in",
    "PATCH /me",
  ]);
  expect(asked[2]?.body).toEqual({ name: "Mara L." });
});

test("a wrong password leaves the request waiting", async () => {
  forgetfulServer();
  session.entered(mara());
  const asked = call(api.GET("/me"));
  await expect.poll(() => session.get().state).toBe("ended");

  await expect(signIn("mara", "wrong")).rejects.toMatchObject({ code: Code.WrongLogin });
  expect(session.get().state).toBe("ended");
  await signIn("mara", "right");
  await expect(asked).resolves.toMatchObject({ handle: "mara" });
});

test("who leaves instead lets go of what was waiting", async () => {
  forgetfulServer();
  session.entered(mara());
  const asked = call(api.GET("/me"));
  await expect.poll(() => session.get().state).toBe("ended");
  session.left();
  await expect(asked).rejects.toBeInstanceOf(SignedOutError);
});

test("a request that was given up doesn't wait for a session", async () => {
  forgetfulServer();
  session.entered(mara());
  const giveUp = new AbortController();
  const asked = call(api.GET("/me", { signal: giveUp.signal }));
  await expect.poll(() => session.get().state).toBe("ended");
  giveUp.abort();
  await expect(asked).rejects.toMatchObject({ name: "AbortError" });
});

test("without a session before, a 401 is a refusal like any other", async () => {
  forgetfulServer();
  await expect(call(api.GET("/me"))).rejects.toMatchObject({ status: 401, code: Code.SessionMissing });
  expect(session.get().state).toBe("out");
});

test("a network that is gone and a refusal are told apart", async () => {
  pretendServer(() => undefined);
  await expect(call(api.GET("/server"))).rejects.toBeInstanceOf(OfflineError);

  pretendServer(() => ({
    ...refusal(429, Code.TooManyAttempts, "slow down"),
    headers: { "retry-after": "90" },
  }));
  const refused = await call(api.GET("/server")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({
    status: 429,
    code: Code.TooManyAttempts,
    message: "slow down",
    retry_after_ms: 90_000,
  });
});

describe("a network that swallows requests", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    const swallow = (_: Request, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
    vi.stubGlobal("fetch", swallow);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("is gone after a while", async () => {
    const asked = call(api.GET("/me")).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(ANSWER_MS_MAX);
    expect(await asked).toBeInstanceOf(OfflineError);
  });

  test("keeps nobody who gives up before", async () => {
    const giveUp = new AbortController();
    const asked = call(api.GET("/me", { signal: giveUp.signal })).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    giveUp.abort();
    expect(await asked).toMatchObject({ name: "AbortError" });
  });
});

test("an answer that isn't the server's keeps its status", async () => {
  pretendServer(() => ({ status: 502, body: "<html>bad gateway</html>" }));
  await expect(call(api.GET("/server"))).rejects.toMatchObject({ status: 502, code: 0 });
});
