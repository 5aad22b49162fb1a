// Runs two steps and hangs in the third, or in its second argument's way ends without ending its run.
import { run, start, step } from "@runreel/sdk";

start();
void run("hanging", async () => {
  await step("first", () => "one", { effect: "read" });
  await step("second", () => "two", { effect: "read" });
  await step("third", () => {
    console.log("in step 3");
    // Nothing keeps the process: it ends, with its run open.
    if (process.argv[2] !== "ends") setInterval(() => {}, 1_000);
    return new Promise(() => {});
  });
});
