// Started by `sendAtExit`: sends what a process that is ending has left, and says by its exit code whether it was delivered.
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";

import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { ClonedSpan, LastRequest } from "./last-request.ts";
import { createSender } from "./sender.ts";

const { options, requests } = deserialize(readFileSync(0)) as LastRequest;
const send = createSender(options);

for (const request of requests) {
  // In order, as always.
  // oxlint-disable-next-line no-await-in-loop
  const outcome = await send(request.map(revived));
  if (outcome.kind !== "delivered") process.exit(1);
}
process.exit(0);

function revived({ context, ...span }: ClonedSpan): ReadableSpan {
  return { ...span, spanContext: () => context, resource: span.resource as ReadableSpan["resource"] };
}
