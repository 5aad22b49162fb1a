// A collector that is killed: appends numbers to the journal of the folder it is given, and tells each one that was acknowledged.
import { pino } from "pino";
import { openLocalJournal } from "../src/journal/local-journal.ts";

const journal = await openLocalJournal({
  folder: process.argv[2] ?? "",
  maxBytes: 1 << 26,
  segmentMaxBytes: 16 * 1024,
  logger: pino({ level: "silent" }),
});
const from = Number(process.argv[3]);
const writers = Array.from({ length: 4 }, async (_, writer) => {
  for (let number = from + writer; ; number += 4) {
    const body = Buffer.alloc(200 + (number % 800), String(number).padEnd(12));
    await journal.append([{ traceId: new Uint8Array(16), body }]);
    process.send?.(number);
  }
});
await Promise.all(writers);
