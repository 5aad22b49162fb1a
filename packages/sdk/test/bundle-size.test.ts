// What the package adds to a bundle: itself and all it depends on, minimised. Bytes are the same on every machine, so they can be asserted.
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { rolldown } from "rolldown";
import { expect, test } from "vitest";

/** A little above what it is. Raise it knowingly: see what has grown, and whether it is worth its bytes. */
const LIMITS = { minimised: 185_000, compressed: 63_000 };

test("the package and its dependencies stay small", async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("../src/index.ts", import.meta.url)),
    platform: "node",
    resolve: { conditionNames: ["runreel-source", "import", "node", "default"] },
  });
  const { output } = await bundle.generate({ minify: true });
  const code = output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  const sizes = { minimised: Buffer.byteLength(code), compressed: gzipSync(code).length };
  console.info(`@runreel/sdk: ${sizes.minimised} bytes minimised, ${sizes.compressed} of them compressed.`);
  expect(sizes.minimised).toBeLessThan(LIMITS.minimised);
  expect(sizes.compressed).toBeLessThan(LIMITS.compressed);
});
