import { randomBytes } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";

/** A block that was in the store when it was looked at last. */
interface Anchor {
  partition: number;
  first: string;
}

export interface StoreIdOptions {
  client: ClickHouseClient;
  /** Id of the journal: what is acknowledged is in there first. */
  journal: string;
  /** Called when what was stored is not there any more, once for each time. */
  onGone?: () => void;
}

/**
 * Names the store, as senders see it: another one has another name, and so has one whose content was deleted, or that was restored from an
 * older copy.
 *
 * The name is that of the journal and of marks in the table of blobs itself, rows of no project with a random hash. Whoever empties that
 * table takes the mark with it. An older copy still has the mark; that lacks blocks which were there before.
 */
export class StoreId {
  readonly #options: StoreIdOptions;
  #marks: string[] = [];
  #anchor: Anchor | undefined;

  constructor(options: StoreIdOptions) {
    this.#options = options;
  }

  get id(): string {
    return [this.#options.journal, ...this.#marks].join(".");
  }

  /** Looks whether the store is the one it was. Three queries, of a few rows each. */
  async check(): Promise<void> {
    const { onGone } = this.#options;
    const [marks, newest] = await Promise.all([this.#readMarks(), this.#newestBlock()]);
    // Asked for behind the newest, which is then one of the same store, if the older is still there.
    const isSetBack = await this.#isSetBack();
    const isGone = this.#marks.some((mark) => !marks.includes(mark)) || isSetBack;
    if (marks.length === 0 || isSetBack) {
      await this.#mark();
      this.#marks = await this.#readMarks();
    } else this.#marks = marks;
    this.#anchor = isSetBack ? await this.#newestBlock() : newest;
    if (isGone) onGone?.();
  }

  async #readMarks(): Promise<string[]> {
    const rows = await this.#rows<{ mark: string }>(
      "SELECT DISTINCT lower(hex(hash)) AS mark FROM blobs WHERE project = '' AND day = '2100-01-01' ORDER BY mark",
    );
    return rows.map(({ mark }) => mark);
  }

  /** The day is one that retention does not reach. */
  async #mark(): Promise<void> {
    await this.#options.client.command({
      query:
        "INSERT INTO blobs (project, hash, type, day, data) SELECT '', toFixedString(unhex({mark:String}), 16), 'mark', toDate('2100-01-01'), ''",
      query_params: { mark: randomBytes(16).toString("hex") },
    });
  }

  async #isSetBack(): Promise<boolean> {
    if (this.#anchor === undefined) return false;
    const found = await this.#rows(
      `SELECT 1 FROM blocks
        WHERE journal = {journal:String} AND partition = {partition:UInt32} AND first = {first:UInt64} LIMIT 1`,
      { ...this.#anchor },
    );
    return found.length === 0;
  }

  async #newestBlock(): Promise<Anchor | undefined> {
    const [newest] = await this.#rows<Anchor>(
      `SELECT partition, toString(first) AS first FROM blocks
        WHERE journal = {journal:String} ORDER BY journal DESC, partition DESC, blocks.first DESC LIMIT 1`,
    );
    return newest;
  }

  async #rows<Row>(query: string, parameters: Record<string, unknown> = {}): Promise<Row[]> {
    const { client, journal } = this.#options;
    const result = await client.query({
      query,
      query_params: { ...parameters, journal },
      format: "JSONEachRow",
    });
    return result.json<Row>();
  }
}
