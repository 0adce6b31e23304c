import { Section } from "@/ui";
import styles from "./kit.module.css";

const COLORS = [
  "ground",
  "ground-sunk",
  "ground-raised",
  "ground-hover",
  "line",
  "line-strong",
  "ink",
  "ink-soft",
  "ink-faint",
  "leaf",
  "leaf-strong",
  "leaf-ink",
  "leaf-soft",
  "apricot",
  "apricot-ink",
  "apricot-soft",
  "berry",
  "berry-ink",
  "berry-soft",
];

export function Colors() {
  return (
    <Section title="Colours">
      <div className={styles["grid"]}>
        {COLORS.map((name) => (
          <div key={name} className={styles["swatch"]}>
            <div className={styles["color"]} style={{ background: `var(--${name})` }} />
            --{name}
          </div>
        ))}
      </div>
    </Section>
  );
}
