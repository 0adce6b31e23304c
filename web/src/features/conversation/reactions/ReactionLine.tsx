import { lazy, Suspense, useEffect, useState } from "react";
import { t } from "@/i18n";
import { useLive, useStore } from "@/realtime";
import { nameOf } from "@/sync/people";
import { useRoom } from "../RoomContext";

// Most rooms never see one.
const Reactions = lazy(() => import("./Reactions"));

/** What is said of many within this time is said of the last of them. */
const GATHER_MS = 1_500;

/** Reactions as they come: beside the composer for the eye, one at a time for screen readers. */
export function ReactionLine() {
  const { live, me } = useRoom();
  const { directory } = useLive();
  const reactions = useStore(live.reactions);
  const [said, setSaid] = useState("");

  useEffect(() => directory.want(reactions.map(({ author }) => author)), [directory, reactions]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const say = () => {
      timer = undefined;
      const newest = live.reactions.get().findLast(({ author }) => author !== me);
      if (newest === undefined) return setSaid("");
      const name = nameOf(directory.people.get(), newest.author) ?? t("conversation.someone");
      setSaid(t("conversation.announceReaction", { name, reaction: newest.name }));
    };
    const stop = live.reactions.subscribe(() => {
      timer ??= setTimeout(say, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, directory, me]);

  return (
    <>
      <div aria-live="polite" className="visually-hidden">
        {said}
      </div>
      {reactions.length > 0 && (
        <Suspense fallback={null}>
          <Reactions reactions={reactions} />
        </Suspense>
      )}
    </>
  );
}
