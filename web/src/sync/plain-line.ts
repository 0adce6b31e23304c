/** The text without its marks, in one line: for announcements and notifications. */
export function plainLine(text: string, length_max: number): string {
  const line = text
    .replace(/```\w*\n?|[*_~`>#|]/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return line.length <= length_max ? line : `${line.slice(0, length_max - 1)}…`;
}
