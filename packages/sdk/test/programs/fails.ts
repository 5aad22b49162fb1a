// Fails or exits in the middle of everything, in the way that its argument says.
import { run, start, step } from "@runreel/sdk";

start();
await run("failing", async () => {
  await step("first", () => ({ picture: new Uint8Array(100), text: "x".repeat(1_000) }), { effect: "read" });
  void step("still going", () => new Promise(() => {}));
  await step("second", () => {
    if (process.argv[2] === "exits") process.exit(7);
    throw new Error("this agent has failed");
  });
});
