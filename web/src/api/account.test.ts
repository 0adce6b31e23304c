import { beforeEach, expect, test, vi } from "vitest";
import { mara } from "@/test/people";
import { pretendServer, refusal } from "@/test/server";
import { openSession, signOut } from "./account";
import { Code } from "./problem";
import { session } from "./session";

beforeEach(() => session.left());

test("the app opens without a network for who was here last", async () => {
  pretendServer(() => ({ body: mara() }));
  await openSession();
  expect(session.get()).toMatchObject({ state: "in", me: { handle: "mara" } });

  pretendServer(() => undefined);
  await openSession();
  expect(session.get()).toMatchObject({ state: "in", me: { handle: "mara" } });
});

test("the app opens for who was here last while the server is slow, and goes by its answer", async () => {
  pretendServer(() => ({ body: mara() }));
  await openSession();
  let say: (answer: { body: unknown }) => void = () => undefined;
  const answer = new Promise<{ body: unknown }>((resolve) => {
    say = resolve;
  });
  pretendServer(() => answer);
  vi.resetModules();
  const [fresh, slow] = await Promise.all([import("./session"), import("./account")]);
  const opening = slow.openSession();
  expect(fresh.session.get().state).toBe("unknown");
  await expect.poll(() => fresh.session.get()).toMatchObject({ state: "in", me: { handle: "mara" } });
  say({ body: mara({ name: "Mara L." }) });
  await opening;
  expect(fresh.session.get()).toMatchObject({ state: "in", me: { name: "Mara L." } });
});

test("signing out forgets the person on this device", async () => {
  pretendServer(({ path }) => (path === "/sign-out" ? { status: 204 } : { body: mara() }));
  await openSession();
  await signOut();
  expect(session.get().state).toBe("out");
  expect(JSON.stringify({ ...localStorage })).not.toContain("mara");
});

test("signing out of a session that has ended already is no error", async () => {
  pretendServer(({ path }) => (path === "/me" ? { body: mara() } : refusal(401, Code.SessionMissing)));
  await openSession();
  await signOut();
  expect(session.get().state).toBe("out");
});
