// Started by `sendAtExit`: sends what a process that is ending has left, and says by its exit code whether it was delivered.
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";

import type { LastRequest } from "./last-request.ts";
import { createSender } from "./sender.ts";

const { options, bodies } = deserialize(readFileSync(0)) as LastRequest;
const send = createSender(options);
// Nothing else keeps this process alive while it waits for an answer.
setInterval(() => {}, 1_000);

for (const body of bodies) {
  // In order, as always.
  // oxlint-disable-next-line no-await-in-loop
  const outcome = await send(body);
  if (outcome.kind !== "delivered") process.exit(1);
}
process.exit(0);
