import { expect, test } from "vitest";
import { titleOf } from "./title";

test("the title names the page, and what waits", () => {
  expect(titleOf("", 0, 0)).toBe("Loquat");
  expect(titleOf("General", 0, 0)).toBe("General · Loquat");
  expect(titleOf("General", 12, 0)).toBe("(12) General · Loquat");
  expect(titleOf("General", 12, 2)).toBe("(2) General · Loquat");
});
