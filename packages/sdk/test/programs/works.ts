// An agent that does its work, says its result, and ends. Its last line is what the SDK says of itself.
import { run, start, status, step } from "@runreel/sdk";

start();
const results = await run("working", async () => {
  const steps = Array.from({ length: 20 }, (_, index) => step(`step ${index}`, () => index * 2, { effect: "read" }));
  return Promise.all(steps);
});
console.log(results.reduce((sum, one) => sum + one, 0));
process.on("exit", () => {
  const { recorded, delivered, spooled, dropped, buffered } = status();
  console.log(JSON.stringify({ recorded, delivered, spooled, dropped, buffered }));
});
