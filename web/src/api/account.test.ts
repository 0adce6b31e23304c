import { beforeEach, expect, test } from "vitest";
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
