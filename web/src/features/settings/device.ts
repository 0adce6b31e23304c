/** Browsers by what they say of themselves; the first that fits counts, since many name each other too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Vivaldi\//, "Vivaldi"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux/, "Linux"],
];
const PHONE = /iPhone|Android.*Mobile|Mobile.*Firefox/;
/** What isn't a browser names itself first: `curl/8.5.0`, `loquat-bot (tests)`. */
const PROGRAM = /^([\w.-]{1,40})(?:\/[\w.]+)?(?: |$)/;

/** What a user agent says about where somebody is signed in. */
export interface Device {
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly phone: boolean;
}

function first(list: readonly (readonly [RegExp, string])[], label: string): string | undefined {
  return list.find(([pattern]) => pattern.test(label))?.[1];
}

/** Reads a user agent as far as people care: "Firefox", "Linux". */
export function readDevice(label: string): Device {
  const named = label.startsWith("Mozilla/") ? undefined : PROGRAM.exec(label)?.[1];
  return {
    browser: named ?? first(BROWSERS, label),
    system: first(SYSTEMS, label),
    phone: PHONE.test(label),
  };
}
