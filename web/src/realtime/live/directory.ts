/** The people this app has met, and a way to meet more: many askers, one look-up. */
import { api, call, isTransient } from "@/api";
import type { Person, PersonId } from "@/sync/model";
import {
  asked,
  isCurrent,
  isPerson,
  learn,
  missing,
  noPeople,
  outdated,
  type People,
  restored,
  unasked,
} from "@/sync/people";
import { createStore, type Store } from "@/sync/store";

const RETRY_MS = 5_000;

export class Directory {
  readonly people: Store<People> = createStore(noPeople);
  readonly #wanted = new Set<PersonId>();
  #scheduled = false;

  /** Makes sure that those of these who are people are known, soon. Asking again costs nothing. */
  want(ids: Iterable<PersonId>): void {
    const people = this.people.get();
    for (const id of ids) {
      if (isPerson(id) && !isCurrent(people, id) && !people.asked.has(id)) this.#wanted.add(id);
    }
    if (this.#wanted.size === 0 || this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      void this.#ask();
    });
  }

  learn(persons: readonly Person[]): void {
    this.people.update((people) => learn(people, persons));
  }

  /** Takes what this device has kept; whoever is wanted is asked for all the same. */
  restore(persons: readonly Person[]): void {
    this.people.update((people) => restored(people, persons));
  }

  /** News may have been missed: whoever is wanted from now on is asked for again. */
  recheck(): void {
    this.people.update(outdated);
  }

  async #ask(): Promise<void> {
    const ids = missing(this.people.get(), this.#wanted);
    if (ids.length === 0) return this.#wanted.clear();
    for (const id of ids) this.#wanted.delete(id);
    this.people.update((people) => asked(people, ids));
    try {
      const { items } = await call(api.POST("/people/lookup", { body: { ids } }));
      this.learn(items);
    } catch (error) {
      this.people.update((people) => unasked(people, ids));
      if (isTransient(error)) setTimeout(() => this.want(ids), RETRY_MS);
    }
    if (this.#wanted.size > 0) await this.#ask();
  }
}
