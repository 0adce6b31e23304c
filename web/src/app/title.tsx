import { useEffect } from "react";
import { t } from "@/i18n";
import { attention } from "./attention";
import { useWatched, watched } from "./status/value";

const page = watched("");

/** Names the page in the tab's title while the calling component is shown. */
export function useTitle(name: string): void {
  useEffect(() => {
    page.set(name);
  }, [name]);
}

/** The tab's title: the page, with what waits for the person before it. Mentions count where there are any. */
export function titleOf(name: string, unread: number, mentions: number): string {
  const plain = name === "" ? t("app.name") : t("app.title", { page: name });
  const count = mentions > 0 ? mentions : unread;
  return count === 0 ? plain : t("app.titleUnread", { count, page: plain });
}

/** Keeps the tab's title. Once on a page. */
export function DocumentTitle() {
  const name = useWatched(page);
  const { unread, mentions } = useWatched(attention);
  useEffect(() => {
    document.title = titleOf(name, unread, mentions);
  }, [name, unread, mentions]);
  return null;
}
