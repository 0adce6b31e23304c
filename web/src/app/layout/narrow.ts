/** Below this width, list and content take turns; the style sheets have the same number. */
export const NARROW = "(max-width: 47.99rem)";
