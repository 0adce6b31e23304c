import styles from "./Spinner.module.css";

/** Work under way. Decorative: whoever shows it says in words what is being waited for. */
export function Spinner({ size = 18 }: { readonly size?: number }) {
  return (
    <svg className={styles["spinner"]} width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      <circle cx="10" cy="10" r="8" className={styles["track"]} />
      <circle cx="10" cy="10" r="8" className={styles["arc"]} pathLength={100} />
    </svg>
  );
}
