import type { BaseMessage } from "@langchain/core/messages";

import { toGenAiMessage } from "./message.ts";
import type { GenAiMessage } from "./message.ts";

/** How many messages are looked at for changes each time a model is asked. A conversation that is no longer than this is looked at whole. */
export const LOOKED_AT_MAX = 256;

/** So many of them are the newest, where hosts and middleware change messages in place, if at all. */
export const NEWEST_COUNT = 64;

const OTHERS_COUNT = LOOKED_AT_MAX - NEWEST_COUNT;

/**
 * What one agent's model is asked, time and again: all that was said before, and a few messages more.
 *
 * Looking at each message each time would make a long run cost the square of its length. Whether they are the same objects is asked of
 * all; whether somebody has changed one in place is asked of the newest and, beyond these, of some others in turn, so that a change far
 * back in a long conversation is seen a few questions later.
 */
export class History {
  #given: readonly BaseMessage[] = [];
  #mapped: readonly GenAiMessage[] = [];
  #turn = 0;

  /** The messages in their GenAI form. */
  read(given: readonly BaseMessage[]): readonly GenAiMessage[] {
    const older = given.length - NEWEST_COUNT;
    if (older <= OTHERS_COUNT) return given.map(toGenAiMessage);
    const before = this.#given;
    const mapped = this.#mapped.slice(0, given.length);
    // A plain loop: it is all that is left of a long conversation's cost.
    for (let at = 0; at < given.length; at += 1) {
      if (given[at] !== before[at] || at >= older) mapped[at] = toGenAiMessage(given[at]!);
    }
    this.#turn %= older;
    for (let count = 0; count < OTHERS_COUNT; count += 1) {
      mapped[this.#turn] = toGenAiMessage(given[this.#turn]!);
      this.#turn = (this.#turn + 1) % older;
    }
    // The host's own list may grow while we hold it.
    this.#given = given.slice();
    this.#mapped = mapped;
    return mapped;
  }
}

const histories = new WeakMap<object, History>();

/** The history of an agent, by its span: as long as that is held, so are its messages. */
export function historyOf(agent: object): History {
  const known = histories.get(agent);
  if (known !== undefined) return known;
  const history = new History();
  histories.set(agent, history);
  return history;
}
