import { doubled } from "../model/attribute-table.ts";
import type { SpanKey } from "../model/span-key.ts";

/** How far up an agent is looked for. Deeper trees than this are cycles or mistakes. */
const ANCESTORS_MAX = 64;
const FIRST_ROWS = 1024;

/**
 * Who descends from whom within a block, so that a span that names no agent goes to the agent it ran under.
 *
 * Only within a block: what a block becomes must not depend on blocks before it. A hash table over typed arrays, as each span goes in.
 */
export class AgentLineage {
  #count = 0;
  /** Per row: low and high of the key, low and high of the parent's key, which are zero where there is none. */
  #keys: Uint32Array = new Uint32Array(FIRST_ROWS * 4);
  readonly #agents: string[] = [];
  readonly #versions: string[] = [];
  /** Row + 1 by hash of the key, twice as many as rows. */
  #slots: Uint32Array = new Uint32Array(FIRST_ROWS * 2);

  /** Tells of a span that other spans may have as their ancestor. What is said last of a span counts. */
  add(key: SpanKey, parent: SpanKey | undefined, agent: string, agentVersion: string): void {
    if (this.#count * 4 === this.#keys.length) this.#grow();
    const slot = this.#slotOf(key.low, key.high);
    let row = this.#slots[slot]! - 1;
    if (row < 0) {
      row = this.#count++;
      this.#slots[slot] = row + 1;
    }
    const at = row * 4;
    this.#keys[at] = key.low;
    this.#keys[at + 1] = key.high;
    this.#keys[at + 2] = parent === undefined ? 0 : parent.low;
    this.#keys[at + 3] = parent === undefined ? 0 : parent.high;
    this.#agents[row] = agent;
    this.#versions[row] = agentVersion;
  }

  /** The agent of the nearest ancestor that has one; "" for none. */
  agentAbove(parent: SpanKey): { agent: string; agentVersion: string } {
    let { low, high } = parent;
    for (let step = 0; step < ANCESTORS_MAX && (low !== 0 || high !== 0); step++) {
      const row = this.#slots[this.#slotOf(low, high)]! - 1;
      if (row < 0) break;
      const agent = this.#agents[row]!;
      if (agent !== "") return { agent, agentVersion: this.#versions[row]! };
      low = this.#keys[row * 4 + 2]!;
      high = this.#keys[row * 4 + 3]!;
    }
    return { agent: "", agentVersion: "" };
  }

  clear(): void {
    this.#count = 0;
    this.#agents.length = 0;
    this.#versions.length = 0;
    this.#slots.fill(0);
  }

  /** The slot of the key, or the free one where it belongs. */
  #slotOf(low: number, high: number): number {
    const mask = this.#slots.length - 1;
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    for (;;) {
      const row = this.#slots[slot]! - 1;
      if (row < 0 || (this.#keys[row * 4] === low && this.#keys[row * 4 + 1] === high)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    this.#keys = doubled(this.#keys);
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let row = 0; row < this.#count; row++) {
      this.#slots[this.#slotOf(this.#keys[row * 4]!, this.#keys[row * 4 + 1]!)] = row + 1;
    }
  }
}
