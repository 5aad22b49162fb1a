import { defineConfig } from "vitest/config";

const conditions = ["runreel-source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { globals: true, include: ["**/saver-suite.ts"] },
});
