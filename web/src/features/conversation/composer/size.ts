const encoder = new TextEncoder();

/** A UTF-16 unit is at most this many bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** How many bytes the text is too long by; 0 if it fits. Counts only when it could matter. */
export function bytesOver(text: string, bytes_max: number): number {
  if (text.length * BYTES_PER_UNIT <= bytes_max) return 0;
  return Math.max(0, encoder.encode(text).length - bytes_max);
}
