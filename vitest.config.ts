import { join } from "node:path";

import { defineConfig } from "vitest/config";

import { testFolder } from "./scripts/test-folder.ts";

// Packages resolve one another's sources, so that a test never sees a stale build.
const conditions = ["runreel-source", "node", "import", "default"];
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  ...shared,
  test: {
    globalSetup: ["./scripts/test-folder.ts"],
    // Programs that end before they could deliver must leave nothing in the user's own cache folder, and tests nothing in the system's.
    env: { RUNREEL_SPOOL_DIR: join(testFolder, "spool"), TMPDIR: testFolder, TEMP: testFolder, TMP: testFolder },
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["packages/**/src/**/*.test.ts", "scripts/**/*.test.ts"],
          // Property tests take a second where nothing else runs, and ten where a build does.
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        // These start real servers and child processes: one file at a time, on a machine that may have two cores.
        test: {
          name: "system",
          include: ["tests/**/*.test.ts", "packages/**/test/**/*.test.ts", "examples/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
