import { usePeople } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { Avatar, cx } from "@/ui";
import { Hash, Lock } from "@/ui/icons";
import styles from "./RoomSign.module.css";

interface Props {
  readonly listing: Pick<RoomListing, "room" | "others">;
  readonly size?: "s" | "m" | "l";
}

const ICON_PX = { s: 16, m: 18, l: 26 };

/** What kind of room it is, at a glance: a sign for rooms, faces for people. Decorative beside the name. */
export function RoomSign({ listing, size = "m" }: Props) {
  const { room, others } = listing;
  const { known } = usePeople();
  if (room.kind !== "direct") {
    const Icon = room.kind === "private" ? Lock : Hash;
    return (
      <span className={cx(styles["sign"], styles[size])} aria-hidden>
        <Icon size={ICON_PX[size]} strokeWidth={2.25} />
      </span>
    );
  }
  const [first, second] = others;
  const name = (id: string) => known.get(id)?.name ?? "";
  if (first === undefined) return <span className={cx(styles["sign"], styles[size])} aria-hidden />;
  if (second === undefined) return <Avatar id={first} name={name(first)} size={size} />;
  return (
    <span className={cx(styles["pair"], styles[size])} aria-hidden>
      <Avatar id={first} name={name(first)} size={size === "l" ? "m" : "xs"} />
      <Avatar id={second} name={name(second)} size={size === "l" ? "m" : "xs"} />
    </span>
  );
}
