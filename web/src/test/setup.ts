import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// As for vitest's own polling: a busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
});
