// Uses everything with the SDK disabled or not started, and says what came of it.
import { checkpoint, flush, inference, now, reasoning, run, shutdown, start, status, step, tool } from "@runreel/sdk";

if (process.argv[2] === "start") start();
const double = tool({ name: "double", execute: ({ x }: { x: number }) => x * 2 });
const result = await run("r", async () => {
  reasoning("hm");
  checkpoint({ a: 1 });
  const answer = await inference({ model: "m", messages: [] }, async () => ({ said: "hi" }));
  return [await double({ x: 2 }), await step("s", () => 3), answer, typeof (await now())];
});
console.log(JSON.stringify({ result, flush: await flush(), status: status().state, shutdown: await shutdown() }));
