import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Live, LiveContext, type RoomLive } from "@/realtime";
import { Drafts } from "@/sync/drafts";
import type { RoomListing } from "@/sync/model";
import { learn, noPeople } from "@/sync/people";
import { createStore } from "@/sync/store";
import { emptyTimeline } from "@/sync/timeline/state";
import { type ComposerHandle, ListingProvider, RoomProvider } from "../RoomContext";
import { Composer } from "./Composer";
import { setEnterKey } from "./preferences";

const listing: RoomListing = {
  room: {
    id: "r_1",
    kind: "direct",
    name: "",
    topic: "",
    created_by: "p_me",
    created_ms: 0,
    members: 2,
    messages: 0,
    version: 1,
  },
  membership: { room: "r_1", person: "p_me", role: "member", joined_ms: 0, version: 1 },
  unread: { unread: 0, mentions: 0 },
  others: ["p_zoe"],
};

function memory() {
  const map = new Map<string, string>();
  return {
    get: (key: string) => map.get(key) ?? null,
    set: (key: string, value: string) => void map.set(key, value),
    remove: (key: string) => void map.delete(key),
    keys: () => [...map.keys()],
  };
}

function show(storage = memory()) {
  const add = vi.fn(() => Promise.resolve());
  const zoe = { id: "p_zoe", handle: "zoe", name: "Zoë Müller", version: 1 };
  const live = {
    me: "p_me",
    outbox: { add, full: false },
    drafts: new Drafts("p_me", storage, () => 1),
    directory: { people: createStore(learn(noPeople, [zoe])), want: () => undefined },
  } as unknown as Live;
  const room = {
    timeline: createStore(emptyTimeline),
    typed: vi.fn(),
    stoppedTyping: vi.fn(),
  } as unknown as RoomLive;
  const compose = createRef<ComposerHandle>();
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, enabled: false } } });
  render(
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>
        <RoomProvider value={{ live: room, me: "p_me", handle: "me", compose }}>
          <ListingProvider value={listing}>
            <Composer />
          </ListingProvider>
        </RoomProvider>
      </LiveContext>
    </QueryClientProvider>,
  );
  const area = screen.getByRole<HTMLTextAreaElement>("textbox");
  return {
    add,
    area,
    compose,
    storage,
    texts: () => add.mock.calls.map((call) => (call as unknown as [{ text: string }])[0].text),
  };
}

describe("Composer", () => {
  beforeEach(() => {
    setEnterKey("sends");
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  });
  afterEach(() => void vi.unstubAllGlobals());

  it("sends with Enter, and begins a line with Shift+Enter", async () => {
    const { area, texts } = show();
    await userEvent.type(area, "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(texts()).toEqual(["one\ntwo"]);
    expect(area.value).toBe("");
  });

  it("does it the other way round for who wants that", async () => {
    setEnterKey("newline");
    const { area, texts } = show();
    await userEvent.type(area, "one{Enter}two{Shift>}{Enter}{/Shift}");
    expect(texts()).toEqual(["one\ntwo"]);
  });

  it("begins a line in an open code block, and sends it with Ctrl+Enter", async () => {
    const { area, texts } = show();
    await userEvent.type(area, "```{Enter}x = 1{Control>}{Enter}{/Control}");
    expect(texts()).toEqual(["```\nx = 1"]);
  });

  it("leaves Enter to an input method that composes", () => {
    const { area, texts } = show();
    fireEvent.change(area, { target: { value: "にほん" } });
    fireEvent.keyDown(area, { key: "Enter", isComposing: true });
    fireEvent.keyDown(area, { key: "Enter", keyCode: 229 });
    expect(texts()).toEqual([]);
  });

  it("sends nothing that is empty or too long, and keeps it", async () => {
    const { area, texts } = show();
    await userEvent.type(area, "   {Enter}");
    fireEvent.change(area, { target: { value: "x".repeat(70_000) } });
    fireEvent.keyDown(area, { key: "Enter" });
    expect(texts()).toEqual([]);
    expect(area.value).toHaveLength(70_000);
    expect(screen.getByRole("alert").textContent).toContain("bytes too long");
  });

  it("keeps a draft for the next time, until it is sent", async () => {
    const first = show();
    await userEvent.type(first.area, "half a thou");
    expect(new Drafts("p_me", first.storage, () => 2).get("r_1")).toBe("half a thou");
    await userEvent.type(first.area, "ght{Enter}");
    expect(new Drafts("p_me", first.storage, () => 2).get("r_1")).toBe("");
  });

  it("takes an unsent message back before what is being written", async () => {
    const { area, compose } = show();
    await userEvent.type(area, "second");
    compose.current?.takeBack("first");
    await vi.waitFor(() => expect(area.value).toBe("first\n\nsecond"));
  });

  it("completes people by keyboard and says so to readers", async () => {
    const { area, texts } = show();
    await userEvent.type(area, "hi @z");
    const option = screen.getByRole("option", { name: /Zoë/ });
    expect(option.getAttribute("aria-selected")).toBe("true");
    expect(area.getAttribute("aria-activedescendant")).toBe(option.id);
    await userEvent.keyboard("{Enter}");
    expect(area.value).toBe("hi @zoe ");
    expect(texts()).toEqual([]);
    await userEvent.type(area, "@z{Escape}");
    expect(screen.queryByRole("option")).toBeNull();
  });
});
