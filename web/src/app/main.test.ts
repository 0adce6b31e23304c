import { expect, test } from "vitest";

test("the page's root element is declared in index.html", async () => {
  const html = await import("../../index.html?raw");
  expect(html.default).toContain('<div id="root"></div>');
});
