import {
  InvalidContentError,
  MissingContentError,
  resolveContent,
  reviveContent,
  toPlain,
  type Blob,
} from "@runreel/content";
import { CollectorError } from "../errors.ts";
import type { Database } from "../model/database.ts";

/** Reads content of one project for one answer, by the hashes of its roots: trees, or a long text alone. Blobs that are named together are fetched together, and each once. */
export interface ContentReader {
  /** The tree with its blobs put in: what a replay needs (docs/wire.md). Throws `MissingContentError`. */
  tree(hash: string, maxBytes?: number): Promise<unknown>;
  /** The value as JSON for people. Throws `MissingContentError`. */
  plain(hash: string, maxBytes?: number): Promise<unknown>;
  /** The newest elements of a long array that together have at most about `maxBytes`, as JSON for people; null when it is no array. */
  newest(hash: string, maxBytes: number): Promise<unknown[] | null>;
}

/** Hashes in one query: they travel in the address, which has a limit. */
const HASHES_PER_QUERY = 400;
/** Content that one answer may hold in memory. */
const CONTENT_MAX_BYTES = 256 * 1024 * 1024;

/** Stands for the hash of an array's element, which is no blob of its own. */
const ELEMENT = "element";

const BLOBS = `
SELECT lower(hex(hash)) AS name, type, if(type = 'bytes', base64Encode(data), data) AS data
FROM blobs
WHERE project = {project:String} AND hash IN (SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))
LIMIT 1 BY hash`;

interface BlobRow {
  name: string;
  type: Blob["type"];
  data: string;
}

export function createContentReader(database: Database, project: string): ContentReader {
  const known = new Map<string, Promise<Blob | null>>();
  let asked: { hash: string; resolve(blob: Blob | null): void; reject(error: unknown): void }[] = [];
  let bytes = 0;

  /** All trees of an answer are walked at once, so what they name next gathers here until the loop turns. */
  function blob(hash: string): Promise<Blob | null> {
    const found = known.get(hash);
    if (found) return found;
    const promise = new Promise<Blob | null>((resolve, reject) => {
      if (asked.length === 0) setImmediate(() => void fetchAsked());
      asked.push({ hash, resolve, reject });
    });
    known.set(hash, promise);
    return promise;
  }

  async function fetchAsked(): Promise<void> {
    const round = asked;
    asked = [];
    for (let from = 0; from < round.length; from += HASHES_PER_QUERY) {
      const part = round.slice(from, from + HASHES_PER_QUERY);
      try {
        const rows = await database.rows<BlobRow>(BLOBS, { project, hashes: part.map((entry) => entry.hash) });
        const byHash = new Map(rows.map((row) => [row.name, toBlob(row)]));
        bytes += rows.reduce((sum, row) => sum + row.data.length, 0);
        if (bytes > CONTENT_MAX_BYTES) {
          throw new CollectorError("RUNREEL_RUN_TOO_LARGE", `The content has more than ${CONTENT_MAX_BYTES} bytes.`);
        }
        for (const entry of part) entry.resolve(byHash.get(entry.hash) ?? null);
      } catch (error) {
        for (const entry of part) entry.reject(error);
      }
    }
  }

  async function fetch(hashes: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
    const blobs = await Promise.all(hashes.map(blob));
    return new Map(blobs.flatMap((found) => (found ? [[found.hash, found] as const] : [])));
  }

  const reader: ContentReader = {
    async tree(hash, maxBytes) {
      const root = await blob(hash);
      // A long text alone is a blob without a tree. It is in memory already, so no bound is needed on what is made of it.
      if (root?.type === "text") return root.data;
      return resolveContent(hash, fetch, maxBytes === undefined ? {} : { maxBytes });
    },
    plain: async (hash, maxBytes) => toPlain(reviveContent(await reader.tree(hash, maxBytes))),
    async newest(hash, maxBytes) {
      const root = await treeOf(hash);
      const elements: unknown[] = [];
      let left = maxBytes;
      for await (const element of fromTheEnd(root)) {
        const value = await elementValue(element, left);
        left -= value === undefined ? left : JSON.stringify(value).length;
        if (value === undefined || left < 0) break;
        elements.unshift(value);
      }
      return Array.isArray(root) || groupsOf(root) ? elements : null;
    },
  };

  /** The JSON of one blob, without what it names. */
  async function treeOf(hash: string): Promise<unknown> {
    const found = await blob(hash);
    if (found === null) throw new MissingContentError([hash]);
    return found.type === "tree" ? (JSON.parse(String(found.data)) as unknown) : found.data;
  }

  /** The elements of an array, last first, fetching no group of a long list before it is its turn. */
  async function* fromTheEnd(node: unknown): AsyncGenerator {
    if (Array.isArray(node)) yield* node.toReversed();
    for (const group of groupsOf(node)?.toReversed() ?? []) yield* fromTheEnd(await treeOf(group));
  }

  /** An element, inline or not, with what it names; undefined when it has more than `maxBytes`. */
  async function elementValue(element: unknown, maxBytes: number): Promise<unknown> {
    const root: Blob = { hash: ELEMENT, type: "tree", data: JSON.stringify(element) };
    const fetchElement = async (hashes: readonly string[]): Promise<ReadonlyMap<string, Blob>> =>
      hashes[0] === ELEMENT ? new Map([[ELEMENT, root]]) : fetch(hashes);
    try {
      return toPlain(reviveContent(await resolveContent(ELEMENT, fetchElement, { maxBytes })));
    } catch (error) {
      if (error instanceof InvalidContentError) return undefined;
      throw error;
    }
  }

  return reader;
}

function groupsOf(node: unknown): string[] | null {
  const list = (node as { $list?: unknown } | null)?.$list;
  return Array.isArray(list) ? (list as string[]) : null;
}

function toBlob({ name, type, data }: BlobRow): Blob {
  return { hash: name, type, data: type === "bytes" ? Buffer.from(data, "base64") : data };
}
