import { useState } from "react";

/** Two minutes of readings. */
const KEPT = 60;

interface Trail {
  readonly at_ms: number;
  readonly values: readonly number[];
}

/** The latest readings of a number, oldest first; `at_ms` tells two equal readings apart. */
export function useTrail(value: number, at_ms: number): readonly number[] {
  const [trail, setTrail] = useState<Trail>({ at_ms, values: [value] });
  if (trail.at_ms === at_ms) return trail.values;
  const next = { at_ms, values: [...trail.values, value].slice(-KEPT) };
  setTrail(next);
  return next.values;
}
