import { screen } from "@testing-library/react";
import { createRef } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { connection } from "@/app/connection";
import { type Live, LiveContext, type RoomLive } from "@/realtime";
import { learn, noPeople } from "@/sync/people";
import { createStore } from "@/sync/store";
import { mara } from "@/test/people";
import { show } from "@/test/show";
import { RoomProvider } from "../RoomContext";
import { Here } from "./Here";

const zoe = { ...mara(), id: "p_zoezoezoezoezoez", handle: "zoe", name: "Zoë Müller", version: 1 };

beforeEach(() => connection.set({ state: "live" }));

function present(...ids: string[]) {
  const directory = { people: createStore(learn(noPeople, [zoe])), want: () => undefined };
  const live = { presentPeople: createStore(new Set(ids)) } as unknown as RoomLive;
  show(
    <LiveContext value={{ me: "p_me", directory } as unknown as Live}>
      <RoomProvider value={{ live, me: "p_me", handle: "me", compose: createRef() }}>
        <Here />
      </RoomProvider>
    </LiveContext>,
  );
  return screen.queryByRole("button");
}

describe("who is here", () => {
  it("counts people, and apps beside them", () => {
    const button = present("p_me", "a-bot", zoe.id, "b-bot");
    expect(button?.getAttribute("aria-label")).toBe("1 other person here, 2 apps here");
    expect(button?.textContent).toBe("1");
  });

  it("gives no number where there are apps alone", () => {
    const button = present("p_me", "a-bot");
    expect(button?.getAttribute("aria-label")).toBe("1 app here");
    expect(button?.textContent).toBe("App");
  });

  it("is silent where one is alone", () => {
    expect(present("p_me")).toBeNull();
  });
});
