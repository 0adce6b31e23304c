/** The number before the page's title: what calls for this person; a mere dot for anything else unread. */
export interface TitleInput {
  readonly mentions: number;
  readonly unread_rooms: number;
}

/** `(3) ` for calls, `• ` for anything else, nothing when all is read; never longer than a tab can show. */
export function titlePrefix({ mentions, unread_rooms }: TitleInput): string {
  if (mentions > 0) return mentions > 99 ? "(99+) " : `(${mentions}) `;
  return unread_rooms > 0 ? "• " : "";
}
