import { t } from "@/i18n";
import { cx } from "../style/cx";
import styles from "./Skeleton.module.css";

/** The shape of a line of text that is on its way. */
export function SkeletonLine({ width = "long" }: { readonly width?: "short" | "medium" | "long" }) {
  return <span aria-hidden className={cx(styles["bone"], styles["line"], styles[width])} />;
}

const WIDTHS = ["medium", "long", "short"] as const;

/** The shape of rows with an avatar, while a list is on its way. */
export function SkeletonRows({ count = 5 }: { readonly count?: number }) {
  return (
    <div role="status" className={styles["rows"]}>
      <span className="visually-hidden">{t("common.loading")}</span>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes without identity
        <div key={index} className={styles["row"]} aria-hidden>
          <span className={cx(styles["bone"], styles["circle"])} />
          <span className={styles["lines"]}>
            <SkeletonLine width={WIDTHS[index % 3] ?? "long"} />
            <SkeletonLine width={WIDTHS[(index + 2) % 3] ?? "short"} />
          </span>
        </div>
      ))}
    </div>
  );
}
