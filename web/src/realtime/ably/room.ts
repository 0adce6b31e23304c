import {
  type ChatClient,
  ChatMessageEventType,
  type MessageSubscriptionResponse,
  type Room,
} from "@ably/chat";
import type { ChannelStateChange } from "ably";
import type { PersonId, RoomId } from "@/sync/model";
import type { OpenRoom, RoomListener } from "../port";
import { fromChat } from "./message";

/** Codes from here on say that the server refuses, rather than that it can't be reached. */
const REFUSED_FROM = 40_000;
const REFUSED_TO = 41_000;

/** Opens a room with the chat SDK: attaches, listens, and keeps trying until it is closed. */
export function openRoom(chat: ChatClient, me: PersonId, id: RoomId, listener: RoomListener): OpenRoom {
  const opened = new AblyRoom(me, listener);
  listener.link({ state: "attaching" });
  chat.rooms.get(id, { presence: { enableEvents: true } }).then(
    (room) => opened.begin(room, () => void chat.rooms.release(id).catch(() => undefined)),
    (error: unknown) => listener.link({ state: "refused", detail: messageOf(error) }),
  );
  return opened;
}

class AblyRoom implements OpenRoom {
  readonly #me: PersonId;
  readonly #listener: RoomListener;
  #room: Room | undefined;
  #messages: MessageSubscriptionResponse | undefined;
  #release: () => void = () => undefined;
  #present = false;
  #entered = false;
  #closed = false;

  constructor(me: PersonId, listener: RoomListener) {
    this.#me = me;
    this.#listener = listener;
  }

  begin(room: Room, release: () => void): void {
    if (this.#closed) {
      release();
      return;
    }
    this.#room = room;
    this.#release = release;
    // Before attaching: what the client hears first is then heard here, too.
    this.#messages = room.messages.subscribe(({ type, message }) => {
      if (type === ChatMessageEventType.Created) this.#listener.live(fromChat(message));
    });
    room.typing.subscribe(({ currentlyTyping }) => this.#listener.typing(currentlyTyping));
    room.reactions.subscribe(({ reaction }) => this.#listener.reacted(reaction.clientId, reaction.name));
    room.presence.subscribe(() => void this.#tellPresent());
    room.channel.on((change) => this.#channelChanged(change));
    room.attach().catch(() => undefined);
  }

  async newest(limit: number) {
    if (this.#messages === undefined) throw new Error("the room is not attached");
    const page = await this.#messages.historyBeforeSubscribe({ limit });
    return { items: page.items.map(fromChat), start_reached: !page.hasNext() };
  }

  setPresent(present: boolean): void {
    this.#present = present;
    void this.#syncPresence();
  }

  typed(): void {
    this.#room?.typing.keystroke().catch(() => undefined);
  }

  stoppedTyping(): void {
    this.#room?.typing.stop().catch(() => undefined);
  }

  react(name: string): void {
    this.#room?.reactions.send({ name }).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.#messages?.unsubscribe();
    this.#release();
  }

  #channelChanged({ current, resumed, reason }: ChannelStateChange): void {
    if (this.#closed) return;
    if (current === "attached") {
      this.#listener.link({ state: "attached" });
      if (!resumed) this.#listener.runBegan();
      this.#entered &&= resumed;
      void this.#syncPresence().then(() => this.#tellPresent());
    } else if (current === "attaching") {
      this.#listener.link({ state: "attaching" });
    } else if (current === "failed" || (current === "detached" && isRefusal(reason?.code))) {
      this.#listener.link({ state: "refused", detail: reason?.message ?? "" });
    } else if (current === "suspended" || current === "detached") {
      this.#listener.link({ state: "lost" });
    }
  }

  async #syncPresence(): Promise<void> {
    if (this.#room?.channel.state !== "attached" || this.#present === this.#entered) return;
    this.#entered = this.#present;
    try {
      await (this.#present ? this.#room.presence.enter() : this.#room.presence.leave());
    } catch {
      // Not permitted here (an archived room), or the connection is gone: the next attach tries again.
      this.#entered = !this.#present;
    }
  }

  async #tellPresent(): Promise<void> {
    if (this.#closed || this.#room?.channel.state !== "attached") return;
    try {
      const members = await this.#room.presence.get();
      this.#listener.present(new Set(members.map((m) => m.clientId)));
    } catch {
      if (this.#present) this.#listener.present(new Set([this.#me]));
    }
  }
}

function isRefusal(code: number | undefined): boolean {
  return code !== undefined && code >= REFUSED_FROM && code < REFUSED_TO;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
