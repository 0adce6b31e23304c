/** The values of a pattern's `:names`. */
export type RouteParams = Readonly<Record<string, string>>;

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone percent sign: no address of ours.
    return undefined;
  }
}

/**
 * The parameters of `path` if it fits `pattern`. A pattern is made of plain segments and `:names`; a name
 * with a question mark may be absent, at the end only.
 */
export function match(pattern: string, path: string): RouteParams | undefined {
  const wanted = segments(pattern);
  const given = segments(path);
  if (given.length > wanted.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (!segment.startsWith(":")) {
      if (segment !== value) return undefined;
    } else if (value === undefined) {
      if (!segment.endsWith("?")) return undefined;
    } else {
      const plain = decoded(value);
      if (plain === undefined) return undefined;
      params[segment.slice(1).replace("?", "")] = plain;
    }
  }
  return params;
}
