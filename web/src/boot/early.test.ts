import { beforeEach, describe, expect, it, vi } from "vitest";
import { beginEarly, takeEarly } from "./early";

const asks = (path: string, method = "GET") => ({ method, url: `https://chat.example.org${path}` });

describe("early requests", () => {
  const fetched = vi.fn((_: string) => Promise.resolve(new Response("{}")));
  beforeEach(() => {
    fetched.mockClear();
    vi.stubGlobal("fetch", fetched);
  });

  it("are taken once, by whoever asks for the same", async () => {
    beginEarly("/api/v1/me");
    expect(takeEarly(asks("/api/v1/me?x"))).toBeUndefined();
    expect((await takeEarly(asks("/api/v1/me")))?.ok).toBe(true);
    expect(takeEarly(asks("/api/v1/me"))).toBeUndefined();
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("are too old after a write", () => {
    beginEarly("/api/v1/me/rooms");
    expect(takeEarly(asks("/api/v1/sign-in", "POST"))).toBeUndefined();
    expect(takeEarly(asks("/api/v1/me/rooms"))).toBeUndefined();
  });

  it("are too old after a while", () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    beginEarly("/api/v1/me");
    now.mockReturnValue(10_000);
    expect(takeEarly(asks("/api/v1/me"))).toBeUndefined();
    now.mockRestore();
  });

  it("fail for who takes them, and for nobody else", async () => {
    fetched.mockReturnValueOnce(Promise.reject(new TypeError("no network")));
    beginEarly("/api/v1/me");
    await expect(takeEarly(asks("/api/v1/me"))).rejects.toThrow("no network");
  });
});
