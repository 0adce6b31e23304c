import { afterEach, describe, expect, it, vi } from "vitest";
import { startApp } from "./app-script";

const SCRIPT = "data:text/javascript,globalThis.appRan=(globalThis.appRan||0)+1";

function named(rel: "app" | "preload", kind: string, href: string): HTMLLinkElement {
  const link = document.createElement("link");
  link.rel = rel;
  link.setAttribute("as", kind);
  link.setAttribute("href", href);
  link.dataset["app"] = "";
  document.head.append(link);
  return link;
}

const style = () => document.querySelector<HTMLLinkElement>('link[rel="stylesheet"]');

describe("the app's start", () => {
  afterEach(() => {
    document.head.replaceChildren();
    Reflect.deleteProperty(globalThis, "appRan");
  });

  it("comes once, with its style or without", async () => {
    named("preload", "script", SCRIPT);
    named("preload", "style", "/assets/app.css");
    const meanwhile = vi.fn();
    startApp(meanwhile);
    // The script is fetched already: what it needs is asked for at once.
    expect(meanwhile).toHaveBeenCalledOnce();
    // Nothing is fetched here: that the style has failed keeps nothing from running.
    await vi.waitFor(() => expect(globalThis).toHaveProperty("appRan", 1));
    expect(style()?.getAttribute("href")).toBe("/assets/app.css");
    await new Promise((drawn) => requestAnimationFrame(drawn));
    expect(globalThis).toHaveProperty("appRan", 1);
    expect(meanwhile).toHaveBeenCalledOnce();
  });

  it("waits for the first picture where the page only names the script", async () => {
    const script = named("app", "script", `${SCRIPT}//again`);
    const meanwhile = vi.fn();
    startApp(meanwhile);
    expect(script.rel).toBe("app");
    expect(meanwhile).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(globalThis).toHaveProperty("appRan", 1));
    expect(script.rel).toBe("modulepreload");
    expect(meanwhile).toHaveBeenCalledOnce();
  });

  it("is the page's own business where it names no script", () => {
    named("preload", "style", "/assets/app.css");
    const meanwhile = vi.fn();
    startApp(meanwhile);
    expect(style()).toBeNull();
    expect(meanwhile).toHaveBeenCalledOnce();
  });
});
