/** What the people of the mock say: one of each kind of text that a room may hold. */
export const TALK = [
  "Morning all 👋",
  "Did anybody look at the flaky upload test? It failed twice overnight.",
  "I did. It waits for a *fixed* 200 ms, which is never enough on the small machine. I'll make it wait for the event instead.",
  "Thanks!",
  "Here is what I mean:\n\n```ts\nawait waitFor(() => upload.done, { timeout_ms: 5_000 });\nexpect(upload.parts).toHaveLength(3);\n```\n\nSame in `resume.test.ts`, I think.",
  "**Release 2.4** is frozen. What is left:\n\n1. the migration note\n2. screenshots for the docs\n3. ~~the German strings~~ done by @zoe",
  "@mara can you take the screenshots? You have the nice monitor.",
  "Sure, after lunch.",
  "> screenshots for the docs\n\nPhone and desktop, light and dark, please. The list is at https://example.org/docs/screens and it is longer than one would like, so maybe split it up between two people.",
  "🎉",
  "Numbers from last night:\n\n| run | p50 | p99 |\n|---|---:|---:|\n| before | 4.1 ms | 31 ms |\n| after | 3.9 ms | **9 ms** |",
  "That p99 😍",
  "مرحبا جميعا، الترجمة العربية جاهزة للمراجعة. هل يمكن لأحد أن ينظر إليها اليوم؟",
  "أنظر إليها بعد الظهر",
  "I wrote up what happened on Thursday. Short version: a certificate ran out, the check that should have warned us asked the wrong host, and the dashboard was green because nobody had told it about the second region. Nothing was lost, forty people couldn't sign in for eleven minutes. The longer version, with times and what we change, is in the document; please put your remarks there rather than here, so that they stay together.",
  "Soup or sandwiches?",
  "soup",
  "soup",
  "Sandwiches, obviously",
  "- [x] tea\n- [ ] biscuits\n- [ ] somebody who makes the tea",
  "The ones who want to see how it _feels_: it is on the staging server. Mail <help@example.org> if you can't sign in.",
  "🚀🚀🚀",
  "@all the office closes at 16:00 today.",
  "`ssh` works again, that was me. Sorry.",
] as const;

/** Said one after the other while somebody watches. */
export const LATER = [
  "Back from lunch. Where were we?",
  "Screenshots 🙂",
  "@mara how far are they?",
  "No hurry, by the way. Tomorrow is fine.",
] as const;
