import { describe, expect, it } from "vitest";
import { createStore } from "./store";

describe("store", () => {
  it("tells of changes only, and can be left while it tells", () => {
    const store = createStore(1);
    const heard: number[] = [];
    const leave = store.subscribe(() => {
      heard.push(store.get());
      leave();
    });
    store.set(1);
    store.set(2);
    store.update((n) => n + 1);
    expect(heard).toEqual([2]);
  });
});
