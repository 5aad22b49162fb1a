// Takes one run to its end and leaves another open, and then ends in the way that its argument says. What runs is sampled by the environment.
import { run, start, step } from "@runreel/sdk";

const [way = ""] = process.argv.slice(2);
start();
const work = (): Promise<unknown> => step("work", () => "done ".repeat(200), { effect: "read" });
await run("ended", async () => {
  await work();
  await work();
});
const alive = setInterval(() => {}, 1_000);
void run("open", async () => {
  await work();
  console.log("recorded");
  if (way === "exit") process.exit(0);
  if (way === "throws") throw new Error("nobody catches this");
  if (way === "ends") clearInterval(alive);
  await new Promise(() => {});
});
