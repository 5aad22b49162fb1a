// A program for tests: looks up the price of a tea, keeps its state, orders the tea. It notes in a file what really ran.
// TEA chooses the tea, so that a replay can be made to take another step; HANG makes it wait for a signal once it has looked.
import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

import { checkpoint, flush, run, start, tool } from "@runreel/sdk";

const note = (line: string): void => appendFileSync(process.env["NOTES"]!, `${line}\n`);

start({ serviceName: "tea-desk" });

const priceOf = tool({
  name: "price_of",
  effect: "read",
  execute: async ({ tea }: { tea: string }) => {
    note(`price_of ${tea}`);
    return { tea, price: 12 };
  },
});
const order = tool({
  name: "order",
  effect: "non_idempotent",
  execute: async ({ tea, grams }: { tea: string; grams: number }) => {
    note(`order ${grams} ${tea}`);
    if (grams > 500) throw new RangeError(`${grams} g is more tea than there is`);
    return `ordered ${grams} g`;
  },
});

try {
  await run("tea", async () => {
    const { price } = await priceOf({ tea: process.env["TEA"] ?? "sencha" });
    checkpoint({ messages: [], price }, "priced");
    if (process.env["HANG"]) {
      await flush();
      process.once("SIGTERM", () => {
        note("SIGTERM");
        process.exit(9);
      });
      note("waiting");
      await wait(60_000);
    }
    return order({ tea: "sencha", grams: 1000 });
  });
  console.log("done");
} catch (error) {
  console.log(`failed: ${(error as Error).message}`);
  process.exitCode = 1;
}
