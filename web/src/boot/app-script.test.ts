import { afterEach, describe, expect, it, vi } from "vitest";
import { startApp } from "./app-script";

const SCRIPT = "data:text/javascript,globalThis.appRan=(globalThis.appRan||0)+1";

function fetched(kind: string, href: string): void {
  const link = document.createElement("link");
  link.rel = "preload";
  link.setAttribute("as", kind);
  link.setAttribute("href", href);
  link.dataset["app"] = "";
  document.head.append(link);
}

const style = () => document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]');

describe("the app's start", () => {
  afterEach(() => {
    document.head.replaceChildren();
    Reflect.deleteProperty(globalThis, "appRan");
  });

  it("comes once, with its style or without", async () => {
    fetched("script", SCRIPT);
    fetched("style", "/assets/app.css");
    startApp();
    // Nothing is fetched here: that the style has failed keeps nothing from running.
    await vi.waitFor(() => expect(globalThis).toHaveProperty("appRan", 1));
    expect(style()?.getAttribute("href")).toBe("/assets/app.css");
    await new Promise((drawn) => requestAnimationFrame(drawn));
    expect(globalThis).toHaveProperty("appRan", 1);
  });

  it("is the page's own business where it names no script", () => {
    fetched("style", "/assets/app.css");
    startApp();
    expect(style()).toBeNull();
  });
});
