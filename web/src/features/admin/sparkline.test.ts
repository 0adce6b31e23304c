import { expect, test } from "vitest";
import { sparkline } from "./sparkline";

test("a single reading is a level line", () => {
  expect(sparkline([7], 100, 40)).toBe("M0 20H100");
});

test("the line runs from edge to edge and stays in its box", () => {
  expect(sparkline([0, 100], 100, 40)).toBe("M0.0 37.0L100.0 3.0");
});

test("a number that hardly moves doesn't look as if it did", () => {
  const ys = [...sparkline([1000, 1001, 1000], 100, 40).matchAll(/ ([\d.]+)/g)].map((found) =>
    Number(found[1]),
  );
  expect(Math.max(...ys) - Math.min(...ys)).toBeLessThan(1);
});
