import * as Radix from "@radix-ui/react-popover";
import type { ReactElement, ReactNode } from "react";
import styles from "./Popover.module.css";

interface Props {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** What the popover holds; for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "bottom" | "left" | "right";
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  /** Called once it is closed and focus would go back to the trigger; preventing the default leaves focus alone. */
  readonly onClosed?: (event: Event) => void;
}

/** A small card beside a button, with anything in it. */
export function Popover({
  trigger,
  label,
  children,
  align = "start",
  side = "bottom",
  onClosed,
  ...state
}: Props) {
  return (
    <Radix.Root {...state}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles["popover"]}
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          {...(onClosed === undefined ? {} : { onCloseAutoFocus: onClosed })}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A control inside a popover that closes it when pressed. */
export const PopoverClose = Radix.Close;
