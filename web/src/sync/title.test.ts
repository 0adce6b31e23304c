import { describe, expect, it } from "vitest";
import { titlePrefix } from "./title";

describe("title", () => {
  it("counts what calls and marks the rest", () => {
    expect([
      titlePrefix({ mentions: 3, unread_rooms: 9 }),
      titlePrefix({ mentions: 120, unread_rooms: 1 }),
      titlePrefix({ mentions: 0, unread_rooms: 2 }),
      titlePrefix({ mentions: 0, unread_rooms: 0 }),
    ]).toEqual(["(3) ", "(99+) ", "• ", ""]);
  });
});
