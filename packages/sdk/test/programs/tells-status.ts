// Records some steps, ends in the way that its argument says, and says last what has become of them.
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { flush, run, start, status, step } from "@runreel/sdk";

const [way = ""] = process.argv.slice(2);

const tell = (): void => {
  const { recorded, delivered, spooled, dropped, buffered, content } = status();
  writeSync(1, `${JSON.stringify({ spans: { recorded, delivered, spooled, buffered, dropped }, content })}\n`);
};

start();
// After what the SDK does itself.
process.on("exit", tell);
const steps = (): Promise<unknown> =>
  Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      step(`step ${index}`, () => ({ index, text: `text ${index} `.repeat(100) }), { effect: "read" }),
    ),
  );
await run("telling", steps);
switch (way) {
  case "exit":
    // Long enough that some of it is delivered, and then a run that does not end.
    await sleep(1_500);
    void run("open", async () => {
      await steps();
      process.exit(0);
    });
    break;
  case "flushes":
    await flush();
    // Nothing is left to be told, so that the end costs nothing.
    process.exit(0);
  case "throws":
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
    break;
  case "refused":
    await sleep(2_000);
    await run("later", steps);
    break;
  case "SIGTERM":
    setInterval(() => {}, 1_000);
    process.on("SIGTERM", () => {
      tell();
      process.exit(0);
    });
    console.log("recorded");
}
