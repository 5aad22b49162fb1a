import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JournalHarness, JournalUnderTest, PartitionUnderTest, RecordUnderTest } from "./journal-under-test.ts";

const textOf = ({ body }: RecordUnderTest): string => Buffer.from(body).toString();
const traceIdOf = (run: number): Uint8Array => new Uint8Array(16).fill(run);
const recordOf = (run: number, text: string): { traceId: Uint8Array; body: Uint8Array } => ({
  traceId: traceIdOf(run),
  body: Buffer.from(text),
});

/**
 * What every journal promises, whatever it is made of. Nothing here knows of files, of dense offsets, or of the order between partitions.
 *
 * @param name Names the journal in the report.
 * @param createHarness Makes an empty log for each test.
 */
export function journalSuite(name: string, createHarness: () => Promise<JournalHarness>): void {
  describe(`${name} as a journal`, () => {
    let harness: JournalHarness;
    let journal: JournalUnderTest;
    let partitions: PartitionUnderTest[];
    let owned: { close(): Promise<void> };

    const open = async (): Promise<void> => {
      journal = await harness.open();
      partitions = [];
      owned = await journal.own(async (partition) => {
        partitions.push(partition);
      });
    };
    const close = async (): Promise<void> => {
      await owned.close();
      await journal.close();
    };
    const reopen = async (): Promise<void> => {
      await close();
      await open();
    };
    /** The first `count` records of the partition that holds them; the runs of a test without partitions in mind are all one run. */
    const read = async (count: number, from = 0n): Promise<RecordUnderTest[]> =>
      Promise.race(partitions.map((partition) => take(partition, count, from)));

    beforeEach(async () => {
      harness = await createHarness();
      await open();
    });
    afterEach(async () => {
      await close();
      await harness.dispose();
    });

    it("gives back what was appended, in order, with growing offsets and a clock that does not run backwards", async () => {
      for (const text of ["a", "b", "c"]) await journal.append([recordOf(1, text), recordOf(1, `${text}2`)]);
      const records = await read(6);
      expect(records.map(textOf)).toEqual(["a", "a2", "b", "b2", "c", "c2"]);
      expect(records.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => "spans"));
      expect(isGrowing(records.map(({ offset }) => offset))).toBe(true);
      expect(records.every(({ appendedAt }, index) => appendedAt >= (records[index - 1]?.appendedAt ?? 0))).toBe(true);
    });

    it("keeps every record of appends that come at once, and each append together", async () => {
      const appends = Array.from({ length: 50 }, (_, index) => [recordOf(1, `${index}.0`), recordOf(1, `${index}.1`)]);
      await Promise.all(appends.map((records) => journal.append(records)));
      const texts = (await read(100)).map(textOf);
      expect(texts.toSorted()).toEqual(appends.flatMap((_, index) => [`${index}.0`, `${index}.1`]).toSorted());
      expect(
        texts
          .filter((text) => text.endsWith(".0"))
          .every((text) => texts[texts.indexOf(text) + 1] === text.replace(".0", ".1")),
      ).toBe(true);
    });

    it("is the same log after it was closed and opened", async () => {
      const { id } = journal;
      await journal.append([recordOf(1, "before")]);
      const [before] = await read(1);
      await reopen();
      await journal.append([recordOf(1, "after")]);
      const records = await read(2);
      expect(journal.id).toBe(id);
      expect(records.map(textOf)).toEqual(["before", "after"]);
      expect(records[0]).toEqual(before);
    });

    it("reads from any offset, again and again", async () => {
      await journal.append(["a", "b", "c"].map((text) => recordOf(1, text)));
      const all = await read(3);
      expect((await read(2, all[1]!.offset)).map(textOf)).toEqual(["b", "c"]);
      expect((await read(3)).map(textOf)).toEqual(["a", "b", "c"]);
    });

    it("gives a reader that waits what comes later", async () => {
      const reading = read(2);
      await journal.append([recordOf(1, "a")]);
      await journal.append([recordOf(1, "b")]);
      expect((await reading).map(textOf)).toEqual(["a", "b"]);
    });

    it("returns decisions at their place among the spans", async () => {
      await journal.append([recordOf(1, "before")]);
      const [first] = await read(1);
      const partition = await partitionWith(partitions, first!.offset);
      await partition.decide("cut", Buffer.from("a cut"));
      await partition.decide("verdict", Buffer.from("a verdict"));
      await journal.append([recordOf(1, "after")]);
      const records = await take(partition, 4, 0n);
      expect(records.map((record) => `${record.kind}: ${textOf(record)}`)).toEqual([
        "spans: before",
        "cut: a cut",
        "verdict: a verdict",
        "spans: after",
      ]);
    });

    it("keeps what was not released, over a restart too", async () => {
      for (let index = 0; index < 20; index++) await journal.append([recordOf(1, `${index}`)]);
      const all = await read(20);
      const middle = all[10]!.offset;
      await (await partitionWith(partitions, middle)).release(middle);
      await reopen();
      expect((await read(10, middle)).map(textOf)).toEqual(all.slice(10).map(textOf));
    });

    it("says what it holds", async () => {
      await journal.append(["a", "b"].map((text) => recordOf(1, text)));
      const records = await read(2);
      const usage = await journal.usage();
      expect(usage).toHaveLength(journal.partitions);
      expect(usage.some(({ oldest, end }) => oldest <= records[0]!.offset && end > records[1]!.offset)).toBe(true);
    });

    it("keeps the records of a run in one partition", async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) => journal.append([recordOf(index % 4, `run ${index % 4}`)])),
      );
      const held = await Promise.all(partitions.map(readHeld(await journal.usage())));
      const partitionsOf = Map.groupBy(
        held.flatMap((texts, partition) => texts.map((text) => ({ text, partition }))),
        ({ text }) => text,
      );
      expect(partitionsOf.size).toBe(4);
      for (const [, places] of partitionsOf) {
        expect(places).toHaveLength(10);
        expect(new Set(places.map(({ partition }) => partition)).size).toBe(1);
      }
    });

    it("ends its readers when it is closed, and takes nothing more", async () => {
      const reading = Promise.all(partitions.map((partition) => take(partition, 1, 0n)));
      await close();
      expect(await reading).toEqual(partitions.map(() => []));
      expect(partitions.every(({ lost }) => lost.aborted)).toBe(true);
      await expect(journal.append([recordOf(1, "late")])).rejects.toMatchObject({ name: "JournalFull" });
      await open();
    });
  });
}

/** Some records, or fewer when the partition ends. */
async function take(partition: PartitionUnderTest, count: number, from: bigint): Promise<RecordUnderTest[]> {
  const records: RecordUnderTest[] = [];
  for await (const some of partition.read(from)) {
    records.push(...some);
    if (records.length >= count) break;
  }
  return records.slice(0, count);
}

async function partitionWith(partitions: PartitionUnderTest[], offset: bigint): Promise<PartitionUnderTest> {
  return Promise.race(partitions.map((partition) => take(partition, 1, offset).then(() => partition)));
}

function readHeld(
  usage: { partition: number; oldest: bigint; end: bigint }[],
): (partition: PartitionUnderTest) => Promise<string[]> {
  return async (partition) => {
    const { oldest = 0n, end = 0n } = usage.find((entry) => entry.partition === partition.partition) ?? {};
    const texts: string[] = [];
    if (oldest >= end) return texts;
    for await (const records of partition.read(0n)) {
      texts.push(...records.map(textOf));
      if (records.at(-1)!.offset + 1n >= end) break;
    }
    return texts;
  };
}

const isGrowing = (offsets: bigint[]): boolean =>
  offsets.every((offset, index) => index === 0 || offset > offsets[index - 1]!);
