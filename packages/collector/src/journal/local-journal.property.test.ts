import { copyFile, mkdir, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, expect, it } from "vitest";
import type { JournalRecord } from "../model/journal.ts";
import type { JournalMeter } from "./journal-meter.ts";
import { silentMeter } from "./journal-meter.ts";
import { openLocalJournal } from "./local-journal.ts";
import type { LocalJournal } from "./local-journal.ts";

const logger = pino({ level: "silent" });
const traceId = new Uint8Array(16);
const root = await mkdtemp(join(tmpdir(), "journal-property-"));
let count = 0;
const newFolder = (): string => join(root, String(count++));
const openAt = (folder: string, meter: JournalMeter = silentMeter): Promise<LocalJournal> =>
  openLocalJournal({ folder, maxBytes: 1 << 30, segmentMaxBytes: 600, logger, meter });

afterAll(() => rm(root, { recursive: true, force: true }));

/** Everything that is durable from an offset on. */
async function readAll(journal: LocalJournal, from = 0n): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  const [{ end } = { end: 0n }] = await journal.usage();
  const started = Promise.withResolvers<AsyncIterable<JournalRecord[]>>();
  const owned = await journal.own(async (partition) => started.resolve(partition.read(from)));
  if (from < end && end > 1n) {
    for await (const some of await started.promise) {
      records.push(...some);
      if (some.at(-1)!.offset + 1n >= end) break;
    }
  }
  await owned.close();
  return records;
}

const bodies = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 });
const appends = fc.array(bodies, { minLength: 1, maxLength: 12 });
const texts = (records: JournalRecord[]): string[] => records.map(({ body }) => Buffer.from(body).toString("hex"));
const hexOf = (groups: Uint8Array[][]): string[] => groups.flat().map((body) => Buffer.from(body).toString("hex"));

const segmentsOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".journal")).sort();

async function appendAll(journal: LocalJournal, groups: Uint8Array[][]): Promise<void> {
  await Promise.all(groups.map((group) => journal.append(group.map((body) => ({ traceId, body })))));
}

it("gives back what was appended, in order, once, before and after a restart and from any offset", async () => {
  await fc.assert(
    fc.asyncProperty(appends, appends, fc.nat(), async (before, after, point) => {
      const folder = newFolder();
      const first = await openAt(folder);
      await appendAll(first, before);
      await first.close();
      const second = await openAt(folder);
      await appendAll(second, after);
      const all = [...hexOf(before), ...hexOf(after)];
      const records = await readAll(second);
      expect(texts(records)).toEqual(all);
      expect(records.map(({ offset }) => offset)).toEqual(all.map((_, index) => BigInt(index + 1)));
      const from = (point % all.length) + 1;
      expect(texts(await readAll(second, BigInt(from)))).toEqual(all.slice(from - 1));
      expect(second.id).toBe(first.id);
      await second.close();
    }),
    { numRuns: 25 },
  );
});

it("keeps what was acknowledged and cuts off the rest, wherever the crash fell", async () => {
  await fc.assert(
    fc.asyncProperty(appends, fc.nat(), async (groups, cut) => {
      const folder = newFolder();
      const journal = await openAt(folder);
      const acknowledged: { file: string; size: number; records: number }[] = [];
      for (const [index, group] of groups.entries()) {
        await appendAll(journal, [group]);
        const file = (await segmentsOf(folder)).at(-1)!;
        const { size } = await stat(join(folder, file));
        acknowledged.push({ file, size, records: hexOf(groups.slice(0, index + 1)).length });
      }
      // A crash leaves the files as they were at some moment: the last one ends anywhere.
      const copy = newFolder();
      await mkdir(copy);
      for (const name of [...(await segmentsOf(folder)), "journal.json"])
        await copyFile(join(folder, name), join(copy, name));
      const last = acknowledged.at(-1)!;
      const cutAt = cut % (last.size + 1);
      await truncate(join(copy, last.file), cutAt);
      const durable = acknowledged.findLast(({ file, size }) => file !== last.file || size <= cutAt)?.records ?? 0;

      const reopened = await openAt(copy);
      const found = texts(await readAll(reopened));
      const all = hexOf(groups);
      expect(found).toEqual(all.slice(0, Math.max(found.length, durable)));
      // What comes next takes the place of what was torn.
      await appendAll(reopened, [[Buffer.from("new")]]);
      expect(texts(await readAll(reopened))).toEqual([...found, Buffer.from("new").toString("hex")]);
      await Promise.all([reopened.close(), journal.close()]);
    }),
    { numRuns: 25 },
  );
});
