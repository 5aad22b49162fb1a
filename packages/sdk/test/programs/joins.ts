// Joins a run of another process, by the headers that it is given, and says which headers it would give itself.
import { run, shutdown, start, traceContext } from "@runreel/sdk";

const [traceparent, tracestate] = process.argv.slice(2);
start();
const given = await run("joined", async () => traceContext(), { traceparent, tracestate });
await shutdown();
console.log(JSON.stringify(given));
