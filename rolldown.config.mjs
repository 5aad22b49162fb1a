// Bundles a package whose import has to be quick: its own modules, and those of its devDependencies, become one file. Loading a hundred small
// modules takes five times as long as running them. Dependencies stay outside; types come from tsc. See docs/adr/011.
import { globSync, readFileSync } from "node:fs";

import { defineConfig } from "rolldown";

const { exports, dependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = [...Object.values(exports).map((of) => of["runreel-source"]), ...globSync("src/*-program.ts")];

export default defineConfig({
  input: entries,
  platform: "node",
  // Whole names, and what is below them.
  external: Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`)),
  resolve: { conditionNames: ["runreel-source", "import", "node", "default"] },
  output: { dir: "dist", cleanDir: true, sourcemap: true, chunkFileNames: "[name].js" },
});
