import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { configDefaults, defineConfig } from "vitest/config";
import { mockApi } from "./dev/plugin.ts";
import { licences } from "./tools/licences.ts";
import { BOOT, shell } from "./tools/shell.ts";

// The server that the development server passes API calls and the realtime connection to.
const target = process.env["LOQUAT_URL"] ?? "http://127.0.0.1:8080";
// The Host header stays as the browser sent it: the server compares it with the Origin of cookie writes.
const toServer = { target, changeOrigin: false };

// `--mode mock` answers the API from fixtures (dev/), so that screens can be worked on without a server.
export default defineConfig(({ mode }) => ({
  plugins: [react(), shell(), licences(), mode === "mock" ? mockApi() : null],
  resolve: {
    tsconfigPaths: true,
    // The chat SDK asks for the whole of `ably`; the part that it uses is smaller.
    alias: [
      { find: /^ably$/, replacement: fileURLToPath(new URL("./src/realtime/ably/core.ts", import.meta.url)) },
    ],
  },
  build: {
    // The first versions with light-dark() and the popover attribute.
    target: ["chrome123", "edge123", "firefox125", "safari17.5"],
    manifest: true,
    // Everything is a file of its own with a hashed name: the page's policy allows nothing inline.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html", boot: BOOT, sw: "src/app/worker/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // What the page needs at once comes as one file of script and one of style.
        codeSplitting: {
          groups: [
            { name: "boot", test: /\/src\/boot\//, priority: 1 },
            { name: "app", tags: ["$initial"], test: (id) => !id.includes("/app/worker/") },
          ],
        },
      },
    },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: {
    proxy: {
      "/api": toServer,
      "/chat": toServer,
      "/channels": toServer,
      // The realtime connection is an upgrade at the root, told from the development server's own by its token.
      "^/[?].*access_token=": { ...toServer, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    // Waiting for a condition ends when it holds; these are for machines with other work to do.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    exclude: [...configDefaults.exclude, "dist/**"],
    setupFiles: ["./src/test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
}));
