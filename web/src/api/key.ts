const BYTES = 16;

/**
 * A key for one attempt at making something: sent again with the same key, a request makes nothing twice.
 * Also in use as the id of a message in the outbox.
 *
 * Not `crypto.randomUUID`, which browsers keep from pages without TLS; a laptop's address on the local
 * network is one.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The header that carries a key. */
export function withKey(key: string = newKey()): { readonly "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
