import { expect, test } from "vitest";
import { nextAfter, signInFor } from "./next";

test("signing in leads to where one was going", () => {
  const address = new URL(signInFor("/rooms/r_abc"), "http://localhost");
  expect(address.pathname).toBe("/sign-in");
  expect(nextAfter(address.hash.slice(1))).toBe("/rooms/r_abc");
  expect(signInFor("/")).toBe("/sign-in");
});

test.each([
  "",
  "%",
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/%09/evil.example",
  "%2F%0A%2Fevil.example",
  "javascript:alert(1)",
])("%j leads home", (hash) => {
  expect(nextAfter(hash)).toBe("/");
});
