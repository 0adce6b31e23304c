import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Live, LiveContext } from "@/realtime";
import { learn, noPeople } from "@/sync/people";
import { createStore } from "@/sync/store";
import { TooltipProvider } from "@/ui";
import { Markdown } from "./Markdown";
import { OwnHandle } from "./Mention";
import { parse } from "./parse";

const zoe = { id: "p_zoe", handle: "zoe", name: "Zoë", version: 1 };
const live = { directory: { people: createStore(learn(noPeople, [zoe])) } } as unknown as Live;

function show(text: string): HTMLElement {
  const { container } = render(
    <LiveContext value={live}>
      <OwnHandle value="mara">
        <TooltipProvider>
          <Markdown text={text} />
        </TooltipProvider>
      </OwnHandle>
    </LiveContext>,
  );
  return container;
}

describe("Markdown", () => {
  it("formats what people use", () => {
    const shown = show("**bold** _it_ ~~gone~~ `x < y`\nnext line\n\n> said\n\n1. one\n2. two\n\n- [x] done");
    expect(shown.querySelector("strong")?.textContent).toBe("bold");
    expect(shown.querySelector("em")?.textContent).toBe("it");
    expect(shown.querySelector("del")?.textContent).toBe("gone");
    expect(shown.querySelector("p code")?.textContent).toBe("x < y");
    expect(shown.querySelector("p br")).not.toBeNull();
    expect(shown.querySelector("blockquote")?.textContent).toBe("said");
    expect([...shown.querySelectorAll("ol li")].map((li) => li.textContent)).toEqual(["one", "two"]);
    expect(shown.querySelector<HTMLInputElement>("li input")?.checked).toBe(true);
  });

  it("keeps code as it was written", () => {
    const code = 'if (a < b) {\n\treturn "<b>*no*</b>";\n}';
    const shown = show(`\`\`\`js\n${code}\n\`\`\``);
    expect(shown.querySelector("pre code")?.textContent).toBe(code);
    expect(screen.getByRole("button", { name: "Copy code" })).toBeTruthy();
  });

  it("shows a table with its sides", () => {
    const shown = show("| a | b |\n|---|---:|\n| 1 | 2 |");
    expect([...shown.querySelectorAll("th")].map((cell) => cell.textContent)).toEqual(["a", "b"]);
    expect(shown.querySelectorAll("td")[1]?.className).toContain("align-right");
  });

  it("shows HTML as text, whatever it is", () => {
    for (const attack of [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "a <b onclick=alert(1)>b</b> c",
      "<svg/onload=alert(1)>",
      "<iframe src='javascript:alert(1)'></iframe>",
    ]) {
      const shown = show(attack);
      expect(shown.querySelector("script, img, b, svg, iframe, [onclick], [onerror]")).toBeNull();
      expect(shown.textContent).toContain(attack.slice(0, 8));
      shown.remove();
    }
  });

  it("follows links to the web and to mail, and nowhere else", () => {
    for (const address of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,<b>x</b>",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:https://a/b",
      "/rooms/r_1",
      "//example.org",
      "  javascript:alert(1)",
      "java\tscript:alert(1)",
    ]) {
      const shown = show(`[press](<${address}>)`);
      expect(shown.querySelector("a"), address).toBeNull();
      shown.remove();
    }
    const shown = show("https://example.org/a?b=c and [mail](mailto:a@example.org)");
    const links = [...shown.querySelectorAll("a")];
    expect(links.map((a) => a.getAttribute("href"))).toEqual([
      "https://example.org/a?b=c",
      "mailto:a@example.org",
    ]);
    for (const link of links) {
      expect(link.getAttribute("rel")).toBe("noopener noreferrer");
      expect(link.getAttribute("target")).toBe("_blank");
    }
  });

  it("fetches no pictures", () => {
    const shown = show("![cat](https://example.org/cat.png)");
    expect(shown.querySelector("img")).toBeNull();
    expect(shown.querySelector("a")?.textContent).toBe("cat");
  });

  it("loses nothing of what it doesn't know", () => {
    expect(show("[ref]: https://example.org").textContent).toBe("[ref]: https://example.org");
    expect(show("a &amp; b").textContent).toBe("a &amp; b");
    expect(show("2 * 3 * 4 and snake_case_name").textContent).toBe("2 * 3 * 4 and snake_case_name");
  });

  it("marks known people, and the reader most of all", () => {
    const shown = show("@zoe @mara @all @nobody, not mail@zoe.org");
    const marked = [...shown.querySelectorAll("span")].map((span) => span.textContent);
    expect(marked).toEqual(["@zoe", "@mara", "@all"]);
    expect(shown.textContent).toBe("@zoe @mara @all @nobody, not mail@zoe.org");
  });

  it("marks nobody in code", () => {
    expect(show("`@mara`").querySelector("span")).toBeNull();
  });

  it("shows a few emoji big, and text with emoji as text", () => {
    expect(show("🎉").querySelector("p")?.className).toContain("big");
    expect(show("👩‍🚀 🚀").querySelector("p")?.className).toContain("big");
    expect(show("done 🎉").querySelector("p")?.className ?? "").not.toContain("big");
    expect(show("12").querySelector("p")?.className ?? "").not.toContain("big");
  });

  it("stays quick with texts that were made to be slow", () => {
    const begun = performance.now();
    for (const text of [
      ">".repeat(5_000),
      "- ".repeat(3_000),
      "[".repeat(10_000),
      "*".repeat(10_000),
      "`".repeat(9_999),
      "_a_".repeat(5_000),
      `${"| a ".repeat(500)}|\n${"|---".repeat(500)}|`,
      "<a ".repeat(3_000),
      "x".repeat(100_000),
    ]) {
      expect(show(text).firstElementChild?.firstElementChild).not.toBeNull();
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it("shows what would hold everybody up as it was written", () => {
    const paragraph = "*a_".repeat(260);
    for (const text of ["*a_".repeat(6_600), `a${" ".repeat(19_000)}b`, `${paragraph}\n\n`.repeat(20)]) {
      const begun = performance.now();
      expect(parse(text)).toEqual([{ type: "text", raw: text, text }]);
      expect(performance.now() - begun).toBeLessThan(500);
    }
    expect(parse(`${paragraph}\n\n${"**b** ".repeat(150)}`).length).toBeGreaterThan(1);
  });
});
