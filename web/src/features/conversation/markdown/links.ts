const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address if it may be followed from a message, else undefined: scripts and other apps are not started from here. */
export function safeHref(href: string): string | undefined {
  const text = href.trim();
  // An address of this very app or without a scheme is no link that somebody could have meant.
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return undefined;
  try {
    const url = new URL(text);
    return ALLOWED.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
