import type { Plugin } from "vite";

/** Answers the API from fixtures, in the development server and in the preview. */
export function mockApi(): Plugin {
  return { name: "loquat-mock-api" };
}
