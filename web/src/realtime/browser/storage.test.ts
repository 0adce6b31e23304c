import { describe, expect, it } from "vitest";
import { attempting } from "@/sync/outbox/entry";
import { outboxStorage } from "./outbox-storage";
import { senderLock } from "./tabs";

const entry = (id: string) => ({ id, room: "r_1", author: "p_me", text: id, written_ms: 0 });

describe("the outbox's storage where the browser gives none", () => {
  it("keeps entries in this tab, in order, each once", async () => {
    const storage = outboxStorage(undefined);
    await storage.append(entry("a"));
    await storage.append(entry("b"));
    await storage.append(entry("a"));
    expect((await storage.all()).map((e) => e.id)).toEqual(["a", "b"]);
    expect((await storage.change("a", (e) => attempting(e, 5)))?.state).toBe("sending");
    expect(await storage.change("a", () => undefined)).toBeUndefined();
    expect(await storage.change("a", (e) => e)).toBeUndefined();
    expect((await storage.all()).map((e) => e.id)).toEqual(["b"]);
  });

  it("does the same when opening it fails", async () => {
    const failing = {
      open() {
        throw new Error("forbidden");
      },
    } as unknown as IDBFactory;
    const storage = outboxStorage(failing);
    await storage.append(entry("a"));
    expect((await storage.all()).map((e) => e.id)).toEqual(["a"]);
  });
});

describe("the sender's lock where the browser gives none", () => {
  it("lets this tab send", async () => {
    let held = false;
    await senderLock("p_me", undefined).hold(() => {
      held = true;
      return Promise.resolve();
    }, new AbortController().signal);
    expect(held).toBe(true);
  });
});
