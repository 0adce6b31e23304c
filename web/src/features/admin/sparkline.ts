const MARGIN = 3;
/** A number that hardly moves is drawn as one that hardly moves: at least this share of it fills the height. */
const SPAN_SHARE_MIN = 0.2;

/** The path of a line through `values` in a box, the newest at the right edge. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  if (values.length < 2) return `M0 ${height / 2}H${width}`;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = Math.max(high - low, high * SPAN_SHARE_MIN, 1);
  const middle = (low + high) / 2;
  const points = values.map((value, index) => {
    const x = (index / (values.length - 1)) * width;
    const y = height / 2 - ((value - middle) / span) * (height - 2 * MARGIN);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
