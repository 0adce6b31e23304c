import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { type Live, LiveContext } from "@/realtime";
import { noPeople } from "@/sync/people";
import { createStore } from "@/sync/store";
import { show } from "@/test/show";
import { PersonCard } from "./PersonCard";

describe("the card of an author", () => {
  it("says of a script that it is one, and offers no conversation with it", async () => {
    const directory = { people: createStore(noPeople), want: vi.fn() };
    show(
      <LiveContext value={{ me: "p_me", directory } as unknown as Live}>
        <PersonCard id="build-bot">
          <button type="button">About build-bot</button>
        </PersonCard>
      </LiveContext>,
    );
    await userEvent.click(screen.getByRole("button", { name: "About build-bot" }));
    const card = await screen.findByRole("dialog", { name: "build-bot" });
    expect(card.textContent).toContain("It isn't a person.");
    expect(screen.queryByRole("button", { name: "Message" })).toBeNull();
  });
});
