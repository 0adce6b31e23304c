import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connection, onRetryNow } from "../connection";
import { ConnectionBanner } from "./ConnectionBanner";

function pass(ms: number): void {
  act(() => void vi.advanceTimersByTime(ms));
}

describe("the connection's banner", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => {
    vi.useRealTimers();
    connection.set({ state: "starting" });
  });

  it("counts down to the next try, for the eye alone, and tries at once when told to", () => {
    const retry = vi.fn();
    onRetryNow(retry);
    connection.set({ state: "offline", retry_at_ms: 1_000_000 + 12_400 });
    render(<ConnectionBanner />);
    expect(screen.getByText("Next try in 13 seconds.").getAttribute("aria-hidden")).toBe("true");
    pass(12_000);
    expect(screen.getByText("Next try in 1 second.")).toBeDefined();
    pass(1_000);
    expect(screen.queryByText(/Next try/)).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Try now" }));
    expect(retry).toHaveBeenCalledTimes(1);
  });

  it("says nothing of an interruption that nobody notices", () => {
    connection.set({ state: "reconnecting", retry_at_ms: 1_003_000 });
    render(<ConnectionBanner />);
    expect(screen.queryByRole("status")).toBeNull();
    pass(2_000);
    expect(screen.getByRole("status").textContent).toBe("Reconnecting… Next try in 1 second.Try now");
  });
  it("says whether it is the device or the server that is away", () => {
    connection.set({ state: "offline" });
    render(<ConnectionBanner />);
    expect(screen.getByRole("status").textContent).toContain("You're offline");
    act(() => connection.set({ state: "unreachable" }));
    expect(screen.getByRole("status").textContent).toContain("The server can't be reached");
  });

  it("doesn't move what is just being opened", () => {
    connection.set({ state: "starting" });
    render(<ConnectionBanner />);
    pass(7_900);
    expect(screen.queryByRole("status")).toBeNull();
    pass(200);
    expect(screen.getByRole("status").textContent).toContain("Connecting…");
  });
});
