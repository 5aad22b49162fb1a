// Starts, waits until what earlier programs have left is delivered, and says how much that was.
import { setTimeout as sleep } from "node:timers/promises";

import { start, status } from "@runreel/sdk";

start();
const deadline = Date.now() + Number(process.argv[2] ?? 5_000);
let before = -1;
while (Date.now() < deadline && (status().redelivered === 0 || status().redelivered !== before)) {
  before = status().redelivered;
  await sleep(250);
}
console.log(status().redelivered);
