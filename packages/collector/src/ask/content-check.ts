import type { Database } from "../model/database.ts";

export interface ContentCheckOptions {
  database: Database;
  /** Called with what is missing, and with the process whose spans lead to it. Gives how much of it is new. */
  onMissing: (project: string, processId: string, hashes: string[]) => number;
}

/** Newest blocks that wait for a check; of more, the older are not looked at. */
const BATCHES_MAX_COUNT = 8;
/**
 * What one check looks at: spans and checkpoints, blobs on a level of trees, and trees that are opened. A tree costs most: ClickHouse decompresses
 * some hundred blobs to read one.
 */
const SPANS_MAX_COUNT = 64;
const CHECKPOINTS_MAX_COUNT = 16;
const LEVEL_MAX_COUNT = 200;
const OPENED_MAX_COUNT = 32;
/** Conversations are lists of groups of messages of parts; what lies deeper is not looked at. */
const LEVELS_MAX_COUNT = 6;

/** The nodes of a tree that name blobs (docs/wire.md). A quote inside a text is escaped, so nothing else looks like one. */
const NODES = String.raw`\{"\$(?:ref|text|bytes|list|tree)":(?:"[0-9a-f]{32}"|\[[0-9a-f",]*\])`;

const ROOTS = `
SELECT DISTINCT project, process_id AS processId, lower(hex(arrayJoin(arrayFilter(
  hash -> hash != toFixedString('', 16),
  [content_input, content_output, content_system, content_tools, content_raw])))) AS name
FROM (
  SELECT project, process_id, content_input, content_output, content_system, content_tools, content_raw FROM spans
  WHERE batch IN {batches:Array(String)} AND start > now() - INTERVAL 1 DAY AND process_id != ''
  ORDER BY rand() LIMIT ${SPANS_MAX_COUNT}
)`;

const STATES = `
SELECT DISTINCT project, processId, name
FROM (
  SELECT project, trace_id, span_id, lower(hex(state)) AS name FROM checkpoints
  WHERE batch IN {batches:Array(String)} AND at > now() - INTERVAL 1 DAY
  ORDER BY rand() LIMIT ${CHECKPOINTS_MAX_COUNT}
) AS states
INNER JOIN (
  SELECT trace_id, span_id, process_id AS processId FROM spans
  WHERE batch IN {batches:Array(String)} AND start > now() - INTERVAL 1 DAY AND kind = 'checkpoint' AND process_id != ''
) AS owners USING (trace_id, span_id)`;

const HASHES = "(SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))";

const FOUND = `
SELECT lower(hex(hash)) AS name, max(type = 'tree') AS isTree
FROM blobs
WHERE project = {project:String} AND hash IN ${HASHES}
GROUP BY hash`;

const NAMED = `
SELECT lower(hex(hash)) AS name,
  arrayDistinct(arrayFlatten(arrayMap(node -> extractAll(node, '[0-9a-f]{32}'), extractAll(data, {nodes:String})))) AS named
FROM blobs
WHERE project = {project:String} AND hash IN ${HASHES} AND type = 'tree'
LIMIT 1 BY hash`;

/** A content tree, and the process whose span names it. */
interface Root {
  project: string;
  processId: string;
  name: string;
}

/** Hashes, and the processes whose spans lead to them. */
type Owners = Map<string, Set<string>>;

/**
 * Looks whether the content is there that newly stored spans name. What is stored is not held up: it reads back a sample of the newest
 * blocks, and follows their trees as far as its limits go.
 */
export class ContentCheck {
  readonly #options: ContentCheckOptions;
  #batches: string[] = [];

  constructor(options: ContentCheckOptions) {
    this.#options = options;
  }

  /** A block is in the store. */
  stored(batch: string): void {
    this.#batches.push(batch);
    if (this.#batches.length > BATCHES_MAX_COUNT) this.#batches.shift();
  }

  /** Looks at what was stored since the last time, and tells whether something new is missing: what lies below it can be seen once it is there. */
  async check(): Promise<boolean> {
    if (this.#batches.length === 0) return false;
    const batches = this.#batches;
    this.#batches = [];
    let isNew = false;
    const projects = new Map<string, Owners>();
    for (const { project, processId, name } of await this.#roots(batches)) {
      let owners = projects.get(project);
      if (owners === undefined) projects.set(project, (owners = new Map()));
      own(owners, name, [processId]);
    }
    // One after the other: this has time.
    // oxlint-disable-next-line no-await-in-loop
    for (const [project, owners] of projects) isNew = (await this.#walk(project, owners)) || isNew;
    return isNew;
  }

  async #roots(batches: string[]): Promise<Root[]> {
    const { database } = this.#options;
    const [roots, states] = await Promise.all([
      database.rows<Root>(ROOTS, { batches }),
      database.rows<Root>(STATES, { batches }),
    ]);
    return [...roots, ...states];
  }

  async #walk(project: string, roots: Owners): Promise<boolean> {
    const seen = new Set<string>();
    let isNew = false;
    let level = roots;
    for (let depth = 0; level.size > 0 && depth < LEVELS_MAX_COUNT; depth++) {
      const hashes = sample([...level.keys()], LEVEL_MAX_COUNT);
      for (const hash of hashes) seen.add(hash);
      // Each level names the next.
      // oxlint-disable-next-line no-await-in-loop
      const found = await this.#rows<{ name: string; isTree: number }>(FOUND, project, hashes);
      const names = new Set(found.map(({ name }) => name));
      const missing = hashes.filter((hash) => !names.has(hash));
      isNew = this.#tell(project, missing, level) || isNew;
      const trees = sample(
        found.filter(({ isTree }) => isTree === 1).map(({ name }) => name),
        OPENED_MAX_COUNT,
      );
      if (trees.length === 0) break;
      const next: Owners = new Map();
      // oxlint-disable-next-line no-await-in-loop
      for (const { name, named } of await this.#rows<{ name: string; named: string[] }>(NAMED, project, trees)) {
        for (const hash of named) if (!seen.has(hash)) own(next, hash, level.get(name) ?? []);
      }
      level = next;
    }
    return isNew;
  }

  #tell(project: string, missing: string[], owners: Owners): boolean {
    const asked = new Map<string, string[]>();
    for (const hash of missing) {
      for (const processId of owners.get(hash) ?? []) {
        const hashes = asked.get(processId);
        if (hashes === undefined) asked.set(processId, [hash]);
        else hashes.push(hash);
      }
    }
    let count = 0;
    for (const [processId, hashes] of asked) count += this.#options.onMissing(project, processId, hashes);
    return count > 0;
  }

  #rows<Row>(query: string, project: string, hashes: string[]): Promise<Row[]> {
    return this.#options.database.rows<Row>(query, { project, hashes, nodes: NODES });
  }
}

function own(owners: Owners, hash: string, processes: Iterable<string>): void {
  let known = owners.get(hash);
  if (known === undefined) owners.set(hash, (known = new Set()));
  for (const processId of processes) known.add(processId);
}

/** So many of them, by chance, so that what is not looked at now has its turn. */
function sample<T>(all: T[], maxCount: number): T[] {
  if (all.length <= maxCount) return all;
  for (let at = 0; at < maxCount; at++) {
    const other = at + Math.floor(Math.random() * (all.length - at));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all.slice(0, maxCount);
}
