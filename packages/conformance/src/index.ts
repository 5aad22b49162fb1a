export { journalSuite } from "./journal-suite.ts";
export type { JournalHarness, JournalUnderTest, PartitionUnderTest, RecordUnderTest } from "./journal-under-test.ts";
