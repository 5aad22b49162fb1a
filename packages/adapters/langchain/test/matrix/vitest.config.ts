// All tests of the adapter, with LangChain taken from the folder of a cell.
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

import { fromCell } from "./from-cell.ts";

const conditions = ["runreel-source", "node", "import", "module", "default"];

export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: [fromCell()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
  },
});
