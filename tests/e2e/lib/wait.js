// Waiting for what a browser does, which may take its time on a small machine.
import { until as wait } from '../../sdk/lib/wait.js';

export const WAIT_MS_MAX = 30_000;

/** Polls `condition` until it gives something true, which is the answer. */
export const until = (what, condition, ms_max = WAIT_MS_MAX) => wait(what, condition, ms_max);
