// Checks beside tools that are installed for them. `npm run test:hosts` says where.
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

const conditions = ["runreel-source", "node", "import", "default"];

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["*.check.ts"], fileParallelism: false, testTimeout: 60_000 },
});
