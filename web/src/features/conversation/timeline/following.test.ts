import { describe, expect, it } from "vitest";
import { follows, type Place } from "./following";

describe("following the end", () => {
  const at = (top: number, below: number): Place => ({ top, below });

  it("ends when the reader goes up, however little", () => {
    expect(follows(true, at(500, 0), at(490, 10), undefined)).toBe(false);
    expect(follows(true, at(500, 0), at(490, 10), 500)).toBe(false);
  });

  it("goes on where the list itself has moved", () => {
    expect(follows(true, at(500, 0), at(440, 120), 440)).toBe(true);
    expect(follows(true, at(500, 0), at(500, 300), undefined)).toBe(true);
  });

  it("begins again at the end, or on the way down to it", () => {
    expect(follows(false, at(300, 200), at(480, 20), undefined)).toBe(true);
    expect(follows(false, at(300, 200), at(440, 60), undefined)).toBe(false);
    expect(follows(false, at(520, 0), at(500, 0), 500)).toBe(true);
  });

  it("does not begin because the list has moved near to the end", () => {
    expect(follows(false, at(300, 200), at(480, 20), 480)).toBe(false);
  });
});
