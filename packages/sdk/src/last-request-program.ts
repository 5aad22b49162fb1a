// Started by `sendAtExit`: delivers what a process that is ending has put on disk.
import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";

import { createSender } from "./export/sender.ts";
import { deliverSpool } from "./spool/deliver-spool.ts";
import type { LastRequest } from "./last-request.ts";

const { options, folder, writer } = deserialize(readFileSync(0)) as LastRequest;
// Nothing else keeps this process alive while it waits for an answer.
setInterval(() => {}, 1_000);

for await (const _ of deliverSpool(folder, createSender(options), (file) => file.writer === writer));
process.exit(0);
