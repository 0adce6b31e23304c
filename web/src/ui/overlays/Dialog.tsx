import * as Radix from "@radix-ui/react-dialog";
import { type ReactNode, useState } from "react";
import { t } from "@/i18n";
import { IconButton } from "../controls/IconButton";
import { X } from "../icons";
import { cx } from "../style/cx";
import styles from "./Dialog.module.css";

interface Props {
  readonly open: boolean;
  /** Asked to close: by Escape, the cross, or a press outside. Absent: it can't be closed, only completed. */
  readonly onClose?: () => void;
  readonly title: string;
  /** A sentence below the title. */
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** The buttons at the foot; the one that goes on comes last. */
  readonly footer?: ReactNode;
  readonly size?: "s" | "m" | "l";
  /** Hides the title row, where the content itself is the title (the quick switcher's field, say). */
  readonly bare?: boolean;
  /** Called as the dialog opens; prevent the event to keep focus from moving to the first control. */
  readonly onOpenAutoFocus?: (event: Event) => void;
}

/**
 * What had the focus when the dialog opened. Looked up while rendering: a field with `autoFocus` takes the
 * focus as soon as the dialog is in the page.
 */
function useOpener(open: boolean): Element | null {
  const [was, setWas] = useState<{ open: boolean; opener: Element | null }>({ open: false, opener: null });
  if (open === was.open) return was.opener;
  const now = { open, opener: open ? document.activeElement : was.opener };
  setWas(now);
  return now.opener;
}

/**
 * A dialog over the page: a card on desktops, a sheet from the bottom on phones. Focus stays inside and
 * returns to where it was.
 *
 * Radix's own overlay is left out: it locks scrolling through an inline style element, which the page's
 * policy forbids, and the page itself never scrolls.
 */
export function Dialog(props: Props) {
  const {
    open,
    onClose,
    title,
    description,
    children,
    footer,
    size = "m",
    bare = false,
    onOpenAutoFocus,
  } = props;
  const opener = useOpener(open);
  const stay = (event: Event) => {
    if (onClose === undefined) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose?.()}>
      <Radix.Portal>
        <div className={styles["scrim"]} />
        <div className={cx(styles["place"], bare && styles["high"])}>
          <Radix.Content
            className={cx(styles["dialog"], styles[size])}
            onEscapeKeyDown={stay}
            onInteractOutside={stay}
            {...(onOpenAutoFocus === undefined ? {} : { onOpenAutoFocus })}
            onCloseAutoFocus={(event) => {
              // Radix knows its own trigger only, and ours are buttons anywhere.
              event.preventDefault();
              if (opener instanceof HTMLElement) opener.focus();
            }}
            {...(description === undefined ? { "aria-describedby": undefined } : {})}
          >
            <header className={bare ? "visually-hidden" : styles["header"]}>
              <Radix.Title className={styles["title"]}>{title}</Radix.Title>
            </header>
            <div className={cx(styles["body"], bare && styles["bare"])}>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className={styles["description"]}>{description}</div>
                </Radix.Description>
              )}
              {children}
            </div>
            {footer !== undefined && <footer className={styles["footer"]}>{footer}</footer>}
            {/* Last in the order of keys, so that focus begins in the content. */}
            {onClose !== undefined && !bare && (
              <IconButton
                label={t("common.close")}
                tooltip={false}
                size="s"
                className={styles["close"]}
                icon={<X size={18} aria-hidden />}
                onClick={onClose}
              />
            )}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}
