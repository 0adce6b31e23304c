import { expect, test } from "vitest";
import { match } from "./match";

test.each([
  ["/", "/", {}],
  ["/sign-in", "/sign-in", {}],
  ["/sign-in", "/sign-in/", {}],
  ["/sign-in", "/sign-up", undefined],
  ["/rooms/:room", "/rooms/r_abc", { room: "r_abc" }],
  ["/rooms/:room", "/rooms", undefined],
  ["/rooms/:room", "/rooms/r_abc/more", undefined],
  ["/join/:code", "/join/a%2Fb", { code: "a/b" }],
  ["/join/:code", "/join/%", undefined],
  ["/settings/:part?", "/settings", {}],
  ["/settings/:part?", "/settings/profile", { part: "profile" }],
])("%s against %s", (pattern, path, expected) => {
  expect(match(pattern, path)).toEqual(expected);
});
