import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journalSuite } from "@runreel/conformance";
import { pino } from "pino";
import { openLocalJournal } from "../src/journal/local-journal.ts";

journalSuite("the local journal", async () => {
  const folder = await mkdtemp(join(tmpdir(), "runreel-journal-"));
  return {
    // Small segments, so that what is read and released crosses them.
    open: () =>
      openLocalJournal({ folder, maxBytes: 1 << 20, segmentMaxBytes: 200, logger: pino({ level: "silent" }) }),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
});
