// Records and ends, without a flush.
import { run, start, tool } from "@runreel/sdk";

start();
const add = tool({ name: "add", effect: "none", execute: ({ a, b }: { a: number; b: number }) => a + b });
const count = Number(process.argv[2]);
await run("script", async () => {
  for (let index = 0; index < count; index += 1) await add({ a: index, b: 1 });
});
