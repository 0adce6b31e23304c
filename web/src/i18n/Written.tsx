import type { ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly title?: string | undefined;
}

/**
 * What a person wrote (a name, a topic): it takes its direction from its own first letters, and is kept
 * apart from the text around it, so that a right-to-left name reorders nothing.
 */
export function Written({ children, className, title }: Props) {
  return (
    <bdi dir="auto" className={className} title={title}>
      {children}
    </bdi>
  );
}
