import { useState } from "react";
import { api, call, useSubmit } from "@/api";
import { formatDate, rich, t, Written } from "@/i18n";
import { useLive, usePerson } from "@/realtime";
import type { RoomListing } from "@/sync/model";
import { Banner, Button, Tag, TextAreaField, TextField } from "@/ui";
import { Archive, Hash, Lock, MessageCircle } from "@/ui/icons";
import styles from "../rooms.module.css";
import { ArchiveOrLeave } from "./ArchiveOrLeave";
import type { Permissions } from "./permissions";

const NAME_MAX = 80;
const TOPIC_MAX = 500;

interface Props {
  readonly listing: RoomListing;
  readonly may: Permissions;
  readonly onGone: () => void;
}

const KINDS = { public: Hash, private: Lock, direct: MessageCircle };

/** What the room is called and about, since when, and how to end with it. */
export function About({ listing, may, onGone }: Props) {
  const { room } = listing;
  const maker = usePerson(room.created_by);
  const Icon = KINDS[room.kind];
  const date = formatDate(room.created_ms);
  return (
    <div className={styles["form"]}>
      {may.describe ? (
        <Describe listing={listing} />
      ) : (
        room.topic !== "" && (
          <p>
            <Written>{room.topic}</Written>
          </p>
        )
      )}
      <div className={styles["facts"]}>
        <span className={styles["actions"]}>
          <Tag icon={<Icon size={12} aria-hidden />}>{t(`rooms.kind.${room.kind}`)}</Tag>
          {room.archived_ms != null && (
            <Tag icon={<Archive size={12} aria-hidden />}>{t("rooms.archived")}</Tag>
          )}
          <Tag tone="leaf">{t(`rooms.role.${listing.membership.role}`)}</Tag>
        </span>
        <span>
          {rich("rooms.madeBy", { name: maker === undefined ? "…" : <Written>{maker.name}</Written>, date })}
        </span>
        <span>{t("rooms.messageCount", { count: room.messages })}</span>
      </div>
      {room.kind !== "direct" && <ArchiveOrLeave listing={listing} may={may} onGone={onGone} />}
    </div>
  );
}

function Describe({ listing }: { readonly listing: RoomListing }) {
  const live = useLive();
  const { room } = listing;
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const [kind, setKind] = useState(room.kind);
  const changed = name.trim() !== room.name || topic.trim() !== room.topic || kind !== room.kind;
  const submit = useSubmit(async () => {
    const body = { name: name.trim(), topic: topic.trim(), kind };
    const next = await call(api.PATCH("/rooms/{room}", { params: { path: { room: room.id } }, body }));
    live.rooms.apply({ name: "room.changed", data: { listing: { ...listing, room: next } } });
  });

  return (
    <form className={styles["form"]} onSubmit={submit.onSubmit} noValidate>
      {submit.error !== undefined && <Banner tone="danger">{submit.error}</Banner>}
      <TextField
        label={t("rooms.name")}
        value={name}
        onChange={setName}
        error={submit.fields["name"]}
        maxLength={NAME_MAX}
        dir="auto"
        autoComplete="off"
      />
      <TextAreaField
        label={t("rooms.topic")}
        optional
        value={topic}
        onChange={setTopic}
        error={submit.fields["topic"]}
        maxLength={TOPIC_MAX}
        dir="auto"
        rows={2}
      />
      <div className={styles["actions"]}>
        <Button type="submit" variant="primary" busy={submit.busy} disabled={!changed || name.trim() === ""}>
          {t("common.save")}
        </Button>
        <Button variant="quiet" onClick={() => setKind(kind === "public" ? "private" : "public")}>
          {t(kind === "public" ? "rooms.makePrivate" : "rooms.makePublic")}
        </Button>
      </div>
    </form>
  );
}
