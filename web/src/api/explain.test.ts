import { expect, test } from "vitest";
import { explain, explainFields } from "./explain";
import { ApiError, Code, OfflineError } from "./problem";

function refused(code: number, detail = "", fields: [string, string][] = [], wait_ms?: number): ApiError {
  const status = code === Code.TooManyAttempts ? 429 : 400;
  return new ApiError(status, code, detail, new Map(fields), wait_ms);
}

test("codes that people meet are said in the catalogue's words", () => {
  expect(explain(refused(Code.InvitationExpired, "the invitation has expired"))).toBe(
    "This invitation has expired. Ask for a new one.",
  );
  expect(explain(refused(Code.TooManyAttempts, "", [], 45_000))).toBe(
    "That was too much in a short time. Try again in 45 seconds.",
  );
  expect(explain(refused(Code.TooManyAttempts, "", [], 150_000))).toBe(
    "That was too much in a short time. Try again in 3 minutes.",
  );
});

test("a rule that only the server knows is told in the server's words", () => {
  expect(explain(refused(Code.HandleRefused, "a handle begins with a letter"))).toBe(
    "A handle begins with a letter",
  );
});

test("nothing of the inside leaks out of a failure", () => {
  expect(explain(new ApiError(500, 50000, "thread panicked at src/x.rs", new Map()))).not.toContain(
    "panicked",
  );
  expect(explain(new TypeError("x is undefined"))).toBe("That didn't work. Try again.");
  expect(explain(new OfflineError("gone"))).toContain("can't be reached");
});

test("fields are blamed by code or by name", () => {
  expect(explainFields(refused(Code.HandleTaken))).toEqual({
    handle: "This handle is taken. Try another one.",
  });
  expect(explainFields(refused(40000, "", [["name", "too long"]]))).toEqual({ name: "Too long" });
  expect(explainFields(refused(Code.WrongLogin))).toEqual({});
});
