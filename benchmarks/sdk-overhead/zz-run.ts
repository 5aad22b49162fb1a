import { openVariant } from "./variants.ts";
import { createResearchAgent, runTask } from "./workload.ts";
const variant = openVariant["middleware"]("http://127.0.0.1:45991");
const agent = createResearchAgent(5, variant.instruments);
await Promise.all(
  Array.from({ length: 100 }, (_, i) => variant.around(() => runTask(agent, `measured-${i}`, 5, variant.callbacks))),
);
await variant.flush();
console.log(JSON.stringify(variant.status?.()));
await variant.close();
