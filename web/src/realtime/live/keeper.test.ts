import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type KeptStorage, nothingKept } from "@/sync/kept/kept";
import { Keeper } from "./keeper";

describe("what is kept on this device", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const written: string[] = [];
    const storage: KeptStorage = {
      open: () => Promise.resolve(nothingKept),
      putList: async () => void written.push("list"),
      putRoom: async (_, { room }) => void written.push(room),
    };
    const stop = new AbortController();
    const list = { snapshot: { items: [], version: 1 }, people: [] };
    const sources = {
      list: () => list,
      room: (room: string) => ({ room, messages: [], start_reached: true, kept_ms: 0 }),
    };
    return { keeper: new Keeper("p_me", storage, sources, stop.signal), written, stop };
  }

  it("is written once for many changes, and the list last, because rooms go with it", async () => {
    const { keeper, written } = setUp();
    keeper.listChanged();
    for (let i = 0; i < 20; i += 1) keeper.roomChanged("r_1");
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written).toEqual(["r_1", "list"]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toEqual(["r_1", "list"]);
  });

  it("is written again and again while much happens, but not all the time", async () => {
    const { keeper, written } = setUp();
    for (let ms = 0; ms < 30_000; ms += 100) {
      keeper.roomChanged("r_1");
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(written.length).toBeGreaterThanOrEqual(9);
    expect(written.length).toBeLessThanOrEqual(11);
  });

  it("is written at once when the page is hidden, which may be its end", () => {
    const { keeper, written } = setUp();
    const hidden = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    keeper.roomChanged("r_1");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(written).toEqual(["r_1"]);
    hidden.mockRestore();
  });

  it("is written no more after signing out", async () => {
    const { keeper, written, stop } = setUp();
    keeper.listChanged();
    stop.abort();
    keeper.roomChanged("r_1");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toEqual([]);
  });
});
