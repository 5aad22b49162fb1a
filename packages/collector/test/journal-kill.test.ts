import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { expect, it } from "vitest";
import { silentMeter } from "../src/journal/journal-meter.ts";
import { openLocalJournal } from "../src/journal/local-journal.ts";

const KILLS = 8;

it("has every acknowledged record once, in order, after its process was killed again and again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "runreel-journal-"));
  const acknowledged = new Set<number>();
  for (let kill = 0; kill < KILLS; kill++) {
    // The next one opens the folder at once, although the lock of the one before is not stale yet.
    const writer = fork(
      fileURLToPath(new URL("journal-writer.ts", import.meta.url)),
      [folder, String(kill * 1_000_000)],
      {
        execArgv: ["--conditions=runreel-source"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      },
    );
    writer.on("message", (number: number) => acknowledged.add(number));
    await once(writer, "message");
    await sleep(Math.random() * 100);
    writer.kill("SIGKILL");
    await once(writer, "exit");
  }

  let damaged = 0;
  const meter = { ...silentMeter, damaged: () => void (damaged += 1) };
  const journal = await openLocalJournal({ folder, maxBytes: 1 << 26, logger: pino({ level: "silent" }), meter });
  const [usage] = await journal.usage();
  const numbers: number[] = [];
  const reading = Promise.withResolvers<void>();
  await journal.own(async (partition) => {
    for await (const records of partition.read(0n)) {
      numbers.push(...records.map(({ body }) => Number.parseInt(Buffer.from(body).toString("latin1", 0, 12), 10)));
      if (records.at(-1)!.offset + 1n >= usage!.end) break;
    }
    reading.resolve();
  });
  await reading.promise;
  const found = new Set(numbers);
  expect([...acknowledged].filter((number) => !found.has(number))).toEqual([]);
  expect(found.size).toBe(numbers.length);
  // Each of the four writers of a process counts up in steps of four.
  for (const [, ofWriter] of Map.groupBy(numbers, (number) => Math.floor(number / 1_000_000) * 4 + (number % 4))) {
    expect(ofWriter).toEqual(ofWriter.toSorted((a, b) => a - b));
  }
  expect(damaged).toBe(0);
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});
