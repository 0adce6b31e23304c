import * as Radix from "@radix-ui/react-tooltip";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "../layout/Kbd";
import styles from "./Tooltip.module.css";

const DELAY_MS = 450;

/** Once around the app: tooltips beside each other then open without a second wait. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return <Radix.Provider delayDuration={DELAY_MS}>{children}</Radix.Provider>;
}

interface Props {
  readonly label: string;
  readonly keys?: readonly string[] | undefined;
  readonly children: ReactElement;
}

/** A word about a control without words. Never the only place where something is said. */
export function Tooltip({ label, keys, children }: Props) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles["tooltip"]} sideOffset={6} collisionPadding={8}>
          {label}
          {keys !== undefined && <Kbd keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
