/**
 * Writes `docs/recorded/langchain.md` from what really arrives of the programs in `packages/adapters/langchain/test/scenarios`.
 *
 * `node --conditions=runreel-source scripts/generate-recorded.ts`, or `npm run generate`. The suite of those programs fails where the
 * page says something else, and where what arrives is not what it should be.
 */
import { mkdirSync, writeFileSync } from "node:fs";

import { linesOf } from "../packages/adapters/langchain/test/scenarios/arrived.ts";
import { groups } from "../packages/adapters/langchain/test/scenarios/groups.ts";
import { observed } from "../packages/adapters/langchain/test/scenarios/observe.ts";
import { pageFile, recordedPage } from "../packages/adapters/langchain/test/scenarios/recorded-page.ts";
import type { Results } from "../packages/adapters/langchain/test/scenarios/recorded-page.ts";

const results: Results = new Map();
for (const scenario of groups.flatMap(({ scenarios }) => scenarios)) {
  const lines = new Map<string, string[]>();
  for (const way of scenario.ways) lines.set(way, linesOf((await observed(scenario, way)).roots));
  results.set(scenario.title, lines);
}
mkdirSync(new URL(".", pageFile), { recursive: true });
writeFileSync(pageFile, recordedPage(results));
