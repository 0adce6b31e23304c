import { fireEvent } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { textStorage } from "@/realtime/browser/text-storage";
import { Drafts } from "@/sync/drafts";
import { storeEnterKey } from "./enter-key";
import { drawFrame, isFramed, leaveFrame, takeFrame } from "./frame";
import { answerShortcut } from "./shortcuts";
import { takeField } from "./switcher-field";

const KITCHEN = { person: "p_me", room: "r_1", name: "<b>Kitchen", topic: "What <i>bakes" };

let root: HTMLElement;

beforeEach(() => {
  root = document.createElement("div");
  document.body.append(root);
});

afterEach(() => {
  leaveFrame();
  root.remove();
});

function draft(): string {
  return new Drafts("p_me", textStorage(), () => 0).get("r_1");
}

function draw(): HTMLTextAreaElement {
  drawFrame(root, KITCHEN);
  const area = document.querySelector<HTMLTextAreaElement>("textarea");
  if (area === null) throw new Error("there is no text area");
  return area;
}

function type(area: HTMLTextAreaElement, text: string): void {
  area.value += text;
  area.setSelectionRange(area.value.length, area.value.length);
  fireEvent.input(area);
}

function enter(area: HTMLTextAreaElement, more: object = {}): boolean {
  return fireEvent.keyDown(area, { key: "Enter", ...more });
}

describe("the frame of a room", () => {
  it("names the room as text and keeps what is typed, letter by letter", () => {
    const area = draw();
    expect(document.querySelector("h1")?.textContent).toBe("<b>Kitchen");
    expect(document.querySelector("header")?.textContent).toBe("<b>KitchenWhat <i>bakes");
    expect(area.ariaLabel).toBe("Message <b>Kitchen");
    expect(root.inert).toBe(true);
    type(area, "half a thou");
    expect(draft()).toBe("half a thou");
  });

  it("goes on with the draft, and hands over text and caret", () => {
    new Drafts("p_me", textStorage(), () => 0).set("r_1", "left here");
    const area = draw();
    type(area, " yesterday");
    area.setSelectionRange(4, 6);
    const take = vi.fn();
    takeFrame("r_1", take);
    expect(take).toHaveBeenCalledWith(
      expect.objectContaining({ text: "left here yesterday", said: [], start: 4, end: 6 }),
    );
    expect(document.querySelector("textarea")).toBeNull();
    expect(root.inert).toBe(false);
    expect(isFramed("r_1")).toBe(false);
  });

  it("hands over what Enter has ended as messages, in order, and the rest as text", () => {
    const area = draw();
    type(area, "one");
    expect(enter(area)).toBe(false);
    type(area, "two");
    enter(area);
    // Nothing to send, and no line of its own either.
    enter(area);
    type(area, "thr");
    expect(draft()).toBe("one\ntwo\nthr");
    const take = vi.fn();
    takeFrame("r_1", take);
    expect(take).toHaveBeenCalledWith(
      expect.objectContaining({ text: "thr", said: ["one", "two"], start: 3, end: 3 }),
    );
  });

  it("sends nothing that was changed after Enter", () => {
    const area = draw();
    type(area, "one");
    enter(area);
    area.value = "once\ntwo";
    fireEvent.input(area);
    const take = vi.fn();
    takeFrame("r_1", take);
    expect(take).toHaveBeenCalledWith(expect.objectContaining({ text: "once\ntwo", said: [] }));
  });

  it("lets Enter begin a line where it does so in the app", () => {
    const area = draw();
    type(area, "one");
    expect(enter(area, { shiftKey: true })).toBe(true);
    type(area, "\n```\ncode");
    expect(enter(area)).toBe(true);
    area.value = "text";
    storeEnterKey("newline");
    expect(enter(area)).toBe(true);
    expect(enter(area, { ctrlKey: true })).toBe(false);
  });

  it("waits until an input method has ended its word", () => {
    const area = draw();
    fireEvent.compositionStart(area);
    const take = vi.fn();
    takeFrame("r_1", take);
    type(area, "\u65e5\u672c");
    expect(take).not.toHaveBeenCalled();
    fireEvent.compositionEnd(area);
    expect(take).toHaveBeenCalledWith(expect.objectContaining({ text: "\u65e5\u672c" }));
  });

  it("keeps shortcuts for the app, in order and not without end", () => {
    const area = draw();
    const next = { key: "ArrowDown", altKey: true, shiftKey: true };
    expect(fireEvent.keyDown(area, next)).toBe(false);
    for (let pressed = 0; pressed < 100; pressed += 1) fireEvent.keyDown(area, { key: "k", ctrlKey: true });
    const heard: string[] = [];
    const answers = [
      answerShortcut("switcher", () => heard.push("switcher")),
      answerShortcut("nextUnread", () => heard.push("nextUnread")),
    ];
    expect(heard).toEqual([]);
    takeFrame("r_1", () => heard.push("taken"));
    expect(heard).toEqual(["taken", "nextUnread", ...Array(7).fill("switcher")]);
    fireEvent.keyDown(document.body, next);
    expect(heard.at(-1)).toBe("nextUnread");
    for (const end of answers) end();
    expect(fireEvent.keyDown(document.body, next)).toBe(true);
    takeField();
  });

  it("hands a shortcut on when somebody answers it, and forgets it where the app shows something else", () => {
    const area = draw();
    fireEvent.keyDown(area, { key: "k", ctrlKey: true });
    takeFrame("r_1", () => undefined);
    const run = vi.fn();
    answerShortcut("switcher", run)();
    expect(run).toHaveBeenCalledOnce();
    fireEvent.keyDown(draw(), { key: "k", ctrlKey: true });
    leaveFrame();
    expect(takeField()).toBeUndefined();
    answerShortcut("switcher", run)();
    expect(run).toHaveBeenCalledOnce();
  });

  it("has a field for what is typed behind the quick switcher's keys, and none of it reaches the room", () => {
    const area = draw();
    const keys = { key: "k", ctrlKey: true };
    fireEvent.keyDown(area, keys);
    const field = document.querySelector("input");
    expect(document.activeElement).toBe(field);
    if (field !== null) field.value = "atel";
    // The same keys and Escape close it.
    fireEvent.keyDown(area, keys);
    expect(document.querySelector("input")).toBeNull();
    expect(document.activeElement).toBe(area);
    fireEvent.keyDown(area, keys);
    fireEvent.keyDown(document.querySelector("input") ?? area, { key: "Escape" });
    expect(document.querySelector("input")).toBeNull();
    fireEvent.keyDown(area, keys);
    const again = document.querySelector("input");
    if (again !== null) again.value = "base";
    expect([takeField(), draft()]).toEqual(["base", ""]);
  });

  it("gets the focus back from whoever begins to type", () => {
    const area = draw();
    area.blur();
    fireEvent.keyDown(document.body, { key: "PageDown" });
    expect(document.activeElement).not.toBe(area);
    fireEvent.keyDown(document.body, { key: "h" });
    expect(document.activeElement).toBe(area);
  });

  it("is nobody else's, and leaves a draft where there is no composer", () => {
    const area = draw();
    type(area, "kept");
    const take = vi.fn();
    takeFrame("r_2", take);
    expect(isFramed("r_1")).toBe(true);
    leaveFrame();
    takeFrame("r_1", take);
    expect(take).not.toHaveBeenCalled();
    expect(draft()).toBe("kept");
    expect(root.inert).toBe(false);
  });
});
