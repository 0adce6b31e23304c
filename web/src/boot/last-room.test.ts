import { describe, expect, it } from "vitest";
import { forgetLastRoom, keepLastRoom, lastRoom, readLastRoom } from "./last-room";

const KITCHEN = { person: "p_me", room: "r_1", name: "Kitchen" };

describe("the room that was open last", () => {
  it("is known until it is forgotten", () => {
    keepLastRoom(KITCHEN);
    expect(lastRoom()).toEqual(KITCHEN);
    forgetLastRoom();
    expect(lastRoom()).toBeUndefined();
  });

  it("is nothing where something else is written", () => {
    for (const text of [undefined, null, "", "null", "7", "[]", "{", '{"person":"p_me","room":"r_1"}']) {
      expect(readLastRoom(text), String(text)).toBeUndefined();
    }
    expect(readLastRoom(JSON.stringify({ ...KITCHEN, more: 1 }))).toEqual(KITCHEN);
  });
});
