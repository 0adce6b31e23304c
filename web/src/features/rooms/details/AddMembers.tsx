import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, call, useSubmit } from "@/api";
import { t } from "@/i18n";
import type { Person, RoomId } from "@/sync/model";
import { Banner, Button } from "@/ui";
import { PeoplePicker } from "../create/PeoplePicker";
import styles from "../rooms.module.css";
import { membersKey } from "./Members";

const ADDED_MAX = 20;
const KNOWN_MAX = 200;

/** Adds people to the room; those who can't be added stay chosen, with the reason. */
export function AddMembers({ room, onDone }: { readonly room: RoomId; readonly onDone: () => void }) {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<readonly Person[]>([]);
  const members = useQuery({
    queryKey: [...membersKey(room), "first"],
    queryFn: () =>
      call(api.GET("/rooms/{room}/members", { params: { path: { room }, query: { limit: KNOWN_MAX } } })),
  });
  const without = useMemo(
    () => new Set((members.data?.items ?? []).map(({ person }) => person.id)),
    [members.data],
  );
  const submit = useSubmit(async () => {
    for (const person of chosen) {
      const path = { room, person: person.id };
      await call(api.PUT("/rooms/{room}/members/{person}", { params: { path }, body: { role: "member" } }));
      setChosen((left) => left.filter((one) => one.id !== person.id));
    }
    await queries.invalidateQueries({ queryKey: membersKey(room) });
    onDone();
  });

  return (
    <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
      {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
      <PeoplePicker
        label={t("rooms.findPeople")}
        chosen={chosen}
        onChange={setChosen}
        without={without}
        max={ADDED_MAX}
      />
      <div className={styles["buttons"]}>
        <Button onClick={onDone}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" busy={submit.busy} disabled={chosen.length === 0}>
          {t("rooms.addCount", { count: chosen.length })}
        </Button>
      </div>
    </form>
  );
}
