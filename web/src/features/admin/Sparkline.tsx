import styles from "./admin.module.css";
import { sparkline } from "./sparkline";

const WIDTH = 240;
const HEIGHT = 40;

/** The course of a number in a line. Decorative: the number itself stands above it. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg
      className={styles["sparkline"]}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path d={sparkline(values, WIDTH, HEIGHT)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
