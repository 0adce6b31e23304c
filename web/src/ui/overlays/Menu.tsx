import * as Radix from "@radix-ui/react-dropdown-menu";
import { createContext, type ReactElement, type ReactNode, use, useRef } from "react";
import { Check } from "../icons";
import { cx } from "../style/cx";
import styles from "./Menu.module.css";

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: "start" | "center" | "end";
  readonly side?: "top" | "bottom";
}

/** Keeps what was chosen until the menu has closed. */
const Choose = createContext<(run: () => void) => void>((run) => run());

/** A menu under a button. Not modal: Radix's scroll lock would need an inline style element. */
export function Menu({ trigger, children, align = "end", side = "bottom" }: MenuProps) {
  const chosen = useRef<() => void>(undefined);
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles["menu"]}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          loop
          onCloseAutoFocus={() => {
            // After the button has its focus back: a dialog that opens now returns focus there in its turn.
            const run = chosen.current;
            chosen.current = undefined;
            if (run !== undefined) setTimeout(run);
          }}
        >
          <Choose
            value={(run) => {
              chosen.current = run;
            }}
          >
            {children}
          </Choose>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ItemProps {
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, danger = false, disabled = false, onSelect, children }: ItemProps) {
  const choose = use(Choose);
  return (
    <Radix.Item
      className={cx(styles["item"], danger && styles["danger"])}
      disabled={disabled}
      onSelect={() => choose(onSelect)}
    >
      {icon}
      {children}
    </Radix.Item>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few inside a menu, the chosen one ticked. */
export function MenuChoice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <>
      <Radix.Label className={styles["label"]}>{label}</Radix.Label>
      <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as Value)}>
        {options.map((option) => (
          <Radix.RadioItem key={option.value} value={option.value} className={styles["item"]}>
            <span className={styles["tick"]}>
              <Radix.ItemIndicator>
                <Check size={16} aria-hidden />
              </Radix.ItemIndicator>
            </span>
            {option.label}
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className={styles["separator"]} />;
}
