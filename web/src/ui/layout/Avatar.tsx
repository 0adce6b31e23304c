import { cx } from "../style/cx";
import styles from "./Avatar.module.css";
import { avatarHue, initials } from "./avatar";

interface Props {
  /** What the colour is drawn from: a person's or a room's id. */
  readonly id: string;
  readonly name: string;
  readonly size?: "xs" | "s" | "m" | "l" | "xl";
  /** A dot that says whether the person is here. */
  readonly presence?: "online" | "away" | "offline" | undefined;
  /** Grey, for who can't sign in any more. */
  readonly faded?: boolean;
}

/** A person's initials on a colour of their own. Decorative: the name always stands beside it. */
export function Avatar({ id, name, size = "m", presence, faded = false }: Props) {
  return (
    <span className={cx(styles["place"], styles[size])} aria-hidden>
      {/* Drawn by the style: as text they would be part of what a button around them is called by sight. */}
      <span
        className={cx(styles["avatar"], faded ? styles["faded"] : styles[`hue${avatarHue(id)}`])}
        data-initials={initials(name)}
      />
      {presence !== undefined && <span className={cx(styles["dot"], styles[presence])} />}
    </span>
  );
}
