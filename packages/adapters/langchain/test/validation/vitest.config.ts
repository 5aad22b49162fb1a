import { defineConfig } from "vitest/config";

import { fromCell } from "../matrix/from-cell.ts";

const conditions = ["runreel-source", "node", "import", "module", "default"];

export default defineConfig({
  plugins: [fromCell()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { globals: true, include: ["**/saver-suite.ts"] },
});
