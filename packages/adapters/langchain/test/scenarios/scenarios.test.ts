// LangChain as people use it: each program behaves as without us, and all of it arrives over OTLP in its place.
import { readFileSync } from "node:fs";

import { afterAll, describe, expect, test } from "vitest";

import { CELL_VARIABLE } from "../matrix/from-cell.ts";
import { linesOf } from "./arrived.ts";
import { expectedLines, groups } from "./groups.ts";
import { observed, seenBare } from "./observe.ts";
import { pageFile, recordedPage } from "./recorded-page.ts";
import type { Results } from "./recorded-page.ts";

const isOlderHost = process.env[CELL_VARIABLE] !== undefined;
const results: Results = new Map();

describe.each(groups)("$title", ({ scenarios }) => {
  test.each(scenarios)("$title", async (scenario) => {
    const bare = await seenBare(scenario);
    const lines = new Map<string, string[]>();
    for (const way of scenario.ways) {
      const { seen, roots } = await observed(scenario, way);
      expect(seen, `what the user sees, recorded by ${way}`).toEqual(bare);
      lines.set(way, linesOf(roots));
      if (isOlderHost && scenario.older !== undefined) continue;
      expect(lines.get(way), `what arrives, recorded by ${way}`).toEqual(expectedLines(scenario, way));
      scenario.check?.({ expect, roots, way });
    }
    results.set(scenario.title, lines);
  });
});

test.skipIf(isOlderHost)(
  "docs/recorded/langchain.md says what has arrived here; `npm run generate` writes it anew",
  () => {
    expect(readFileSync(pageFile, "utf8")).toBe(recordedPage(results));
  },
);

afterAll(() => results.clear());
