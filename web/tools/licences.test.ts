import { describe, expect, it } from "vitest";
import { notices, packagesOf } from "./licences";

describe("the licences of what is in the bundle", () => {
  it("are those of the innermost packages, each once", () => {
    const modules = [
      "/a/src/main.ts",
      "\0/a/node_modules/react/index.js?commonjs",
      "/a/node_modules/react/cjs/react.js",
      "/a/node_modules/@ably/chat/node_modules/dequal/dist/index.mjs",
      "C:\\a\\node_modules\\@ably\\chat\\index.js",
    ];
    expect(packagesOf(modules)).toEqual([
      "/a/node_modules/react",
      "/a/node_modules/@ably/chat/node_modules/dequal",
      "C:/a/node_modules/@ably/chat",
    ]);
  });

  it("come in the order of the names, with their texts", () => {
    const text = notices(["node_modules/react", "node_modules/marked", "node_modules/react"]);
    expect(text.indexOf("marked ")).toBeLessThan(text.indexOf("react "));
    expect(text.match(/^react [\d.]+ \(MIT\)$/gm)).toHaveLength(1);
    expect(text).toContain("Permission is hereby granted");
  });
});
