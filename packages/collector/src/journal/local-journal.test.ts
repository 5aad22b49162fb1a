import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, it } from "vitest";
import { JournalFull } from "../model/journal.ts";
import type { JournalRecord, OwnedPartition } from "../model/journal.ts";
import { silentMeter } from "./journal-meter.ts";
import { openLocalJournal } from "./local-journal.ts";
import type { LocalJournal, LocalJournalOptions } from "./local-journal.ts";

const logger = pino({ level: "silent" });
let folder: string;
let opened: LocalJournal[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "journal-"));
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((journal) => journal.close()));
  await rm(folder, { recursive: true, force: true });
});

async function openJournal(options: Partial<LocalJournalOptions> = {}): Promise<LocalJournal> {
  const journal = await openLocalJournal({ folder, maxBytes: 1 << 20, logger, lockWaitMs: 0, ...options });
  opened.push(journal);
  return journal;
}

const record = (text: string): { traceId: Uint8Array; body: Uint8Array } => ({
  traceId: new Uint8Array(16),
  body: Buffer.from(text),
});

async function partitionOf(journal: LocalJournal): Promise<OwnedPartition> {
  const found = Promise.withResolvers<OwnedPartition>();
  await journal.own(async (partition) => found.resolve(partition));
  return found.promise;
}

async function read(journal: LocalJournal, count: number, from = 0n): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const some of (await partitionOf(journal)).read(from)) {
    records.push(...some);
    if (records.length >= count) break;
  }
  return records;
}

const segments = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".journal")).sort();

it("refuses a second collector on the same folder, and lets it in when the first is gone", async () => {
  const journal = await openJournal();
  await expect(openJournal()).rejects.toMatchObject({ code: "RUNREEL_DATA_LOCKED" });
  await journal.close();
  await expect(openJournal()).resolves.toMatchObject({ id: journal.id });
});

it("refuses appends above its bound, still takes decisions, and has room again when segments are released", async () => {
  const journal = await openJournal({ maxBytes: 4096, segmentMaxBytes: 1024 });
  const partition = await partitionOf(journal);
  const kilobyte = record("x".repeat(1000));
  for (let count = 0; count < 3; count++) await journal.append([kilobyte]);
  await expect(journal.append([kilobyte])).rejects.toThrow(JournalFull);
  await partition.decide("cut", Buffer.from("cut"));
  await partition.release(4n);
  await journal.append([kilobyte]);
  expect((await read(journal, 2)).map(({ offset, kind }) => ({ offset, kind }))).toEqual([
    { offset: 4n, kind: "cut" },
    { offset: 5n, kind: "spans" },
  ]);
});

it("deletes whole segments only, and never the one it writes", async () => {
  const journal = await openJournal({ segmentMaxBytes: 64 });
  const partition = await partitionOf(journal);
  for (let count = 0; count < 4; count++) await journal.append([record("a".repeat(50))]);
  expect(await segments()).toHaveLength(4);
  await partition.release(3n);
  expect(await segments()).toHaveLength(2);
  await partition.release(100n);
  expect(await segments()).toHaveLength(1);
});

it("counts what damage in the middle took, and gives back the rest", async () => {
  const journal = await openJournal();
  for (const text of ["first", "second", "third"]) await journal.append([record(text)]);
  await journal.close();
  const [segment] = await segments();
  await using file = await open(join(folder, segment!), "r+");
  const bytes = await file.readFile();
  await file.write(Buffer.from("?"), 0, 1, bytes.indexOf("second"));

  const lost: number[] = [];
  const reopened = await openJournal({ meter: { ...silentMeter, damaged: (records) => lost.push(records) } });
  expect((await read(reopened, 2)).map(({ body }) => Buffer.from(body).toString())).toEqual(["first", "third"]);
  // A second reader comes upon the same damage; it is one loss.
  await read(reopened, 2);
  expect(lost).toEqual([1]);
});

it("gives a waiting reader what comes later, and ends it when the partition is closed", async () => {
  const journal = await openJournal();
  const found = Promise.withResolvers<OwnedPartition>();
  const owned = await journal.own(async (partition) => found.resolve(partition));
  const reading = (async () => {
    const seen: string[] = [];
    for await (const some of (await found.promise).read(0n))
      seen.push(...some.map(({ body }) => Buffer.from(body).toString()));
    return seen;
  })();
  await journal.append([record("a")]);
  await journal.append([record("b"), record("c")]);
  await read(journal, 3);
  await owned.close();
  expect(await reading).toEqual(["a", "b", "c"]);
});

it("takes back an append that was aborted while it waited", async () => {
  const journal = await openJournal();
  const aborted = new AbortController();
  const first = journal.append([record("stays")]);
  await new Promise(setImmediate);
  const second = journal.append([record("goes")], aborted.signal);
  aborted.abort();
  await Promise.allSettled([first, second]);
  await journal.append([record("last")]);
  const texts = (await read(journal, 2)).map(({ body }) => Buffer.from(body).toString());
  expect([
    ["stays", "last"],
    ["stays", "goes", "last"],
  ]).toContainEqual(texts);
});
