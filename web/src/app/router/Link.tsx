import type { AnchorHTMLAttributes, MouseEvent, Ref } from "react";
import { navigate, usePlace } from "./location";

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
  readonly to: string;
  /** Takes the place of the current entry in the history. */
  readonly replace?: boolean;
  readonly ref?: Ref<HTMLAnchorElement>;
}

function opensElsewhere(event: MouseEvent): boolean {
  return event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
}

/** A link within the app. It is a link in every other way: it can be opened in a tab and copied. */
export function Link({ to, replace = false, onClick, ...rest }: Props) {
  const { path } = usePlace();
  return (
    <a
      aria-current={path === to.split("#")[0] ? "page" : undefined}
      {...rest}
      href={to}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || opensElsewhere(event)) return;
        event.preventDefault();
        navigate(to, { replace });
      }}
    />
  );
}
