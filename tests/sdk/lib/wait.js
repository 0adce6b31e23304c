// Waiting for a condition, never for a while.

const DEFAULT_MS_MAX = 15_000;

/** Polls `condition` until it gives something true, which is the answer. */
export async function until(what, condition, ms_max = DEFAULT_MS_MAX) {
  const deadline = performance.now() + ms_max;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited ${ms_max} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The promise's value, or an error that says what did not come. */
export async function within(what, promise, ms_max = DEFAULT_MS_MAX) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms_max} ms in vain for ${what}`)), ms_max);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The next state change of a connection or channel to `state`, or at once if it is there. */
export function state(target, wanted, ms_max = DEFAULT_MS_MAX) {
  const name = target.name ? `channel ${target.name}` : 'connection';
  return within(`${name} to be ${wanted}, it is ${target.state}`, target.whenState(wanted), ms_max);
}

/** The next event of that name, also if the state is there already. */
export function next(target, event, ms_max = DEFAULT_MS_MAX) {
  const promise = new Promise((resolve) => target.once(event, resolve));
  return within(`the event ${event}`, promise, ms_max);
}

/** The error with which a promise is rejected; it must be. */
export async function refusal(promise, ms_max = DEFAULT_MS_MAX) {
  let value;
  try {
    value = await within('a refusal', promise, ms_max);
  } catch (error) {
    return error;
  }
  throw new Error(`was not refused: ${JSON.stringify(value)}`);
}
