// An agent that goes on in one run, a step at a time, until its parent has heard enough. All of its runs are sampled out.
import { flush, run, shutdown, start, status, step, tool, traceContext } from "@runreel/sdk";

start({ sample: 0, spool: false, diagnostics: () => {} });

const look = tool({ name: "look", effect: "read", execute: (at: number) => `${at}: ${"nothing to see ".repeat(100)}` });
let steps = 0;

await run("on and on", async () => {
  const [, runId] = traceContext().traceparent!.split("-");
  process.send!({ runId });
  for (;;) {
    const wanted = await new Promise<string>((resolve) => process.once("message", (said: string) => resolve(said)));
    if (wanted === "end") break;
    await look((steps += 1));
    if (wanted === "keep") await step("judge", () => run.keep("the program is bored"));
    await flush();
    process.send!({ status: status() });
  }
});
await shutdown();
process.disconnect();
