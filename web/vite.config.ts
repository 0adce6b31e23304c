import react from "@vitejs/plugin-react";
import { configDefaults, defineConfig } from "vitest/config";
import { mockApi } from "./dev/plugin.ts";

// The server that the development server passes API calls and the realtime connection to.
const server = process.env["LOQUAT_URL"] ?? "http://127.0.0.1:8080";

// `--mode mock` answers the API from fixtures (dev/), so that screens can be worked on without a server.
export default defineConfig(({ mode }) => ({
  plugins: [react(), mode === "mock" ? mockApi() : null],
  resolve: { tsconfigPaths: true },
  build: {
    // The first versions with light-dark() and the popover attribute.
    target: ["chrome123", "edge123", "firefox125", "safari17.5"],
    manifest: true,
    // Everything is a file of its own with a hashed name: the page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: { proxy: { "/api": server, "/chat": server, "/channels": server } },
  test: {
    environment: "happy-dom",
    exclude: [...configDefaults.exclude, "dist/**"],
    setupFiles: ["./src/test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
}));
