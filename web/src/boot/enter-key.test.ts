import { describe, expect, it, vi } from "vitest";
import { storedEnterKey, storeEnterKey } from "./enter-key";

function device(hover: boolean): void {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: query === "(hover: hover)" && hover }));
}

describe("the Enter key", () => {
  it("sends where there is a Shift to hold, and begins a line on touch screens", () => {
    device(true);
    expect(storedEnterKey()).toBe("sends");
    device(false);
    expect(storedEnterKey()).toBe("newline");
  });

  it("does what one has chosen, on any device", () => {
    device(false);
    storeEnterKey("sends");
    expect(storedEnterKey()).toBe("sends");
    device(true);
    storeEnterKey("newline");
    expect(storedEnterKey()).toBe("newline");
  });
});
