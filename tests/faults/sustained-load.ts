import { setTimeout as sleep } from "node:timers/promises";
import { createLoad } from "../../benchmarks/load/create-load.ts";
import { createDeliverer } from "../../benchmarks/load/deliver.ts";
import { addTotals, noTotals } from "../../benchmarks/load/expected-totals.ts";
import type { Totals } from "../../benchmarks/load/expected-totals.ts";

/** Agents that go on sending, whatever happens to the collector. */
export interface SustainedLoad {
  /** Spans acknowledged so far. */
  acknowledged(): number;
  /** Ends the runs that were begun. Resolves when all that was ever sent has been acknowledged. */
  stop(): Promise<{ totals: Totals; requests: number; resent: number }>;
}

const CONNECTIONS = 8;
const SPANS_PER_REQUEST = 64;
/** Some thousand spans a second: enough that a kill always meets requests, blocks and inserts under way. */
const PAUSE_MS = 10;

/** Sends whole agent runs over several connections, the same bytes again until they are acknowledged, as OTLP exporters do. */
export function sustainLoad(url: string): SustainedLoad {
  const { templates } = createLoad({
    requests: CONNECTIONS,
    spansPerRequest: SPANS_PER_REQUEST,
    withContent: true,
    seed: 9,
  });
  const deliverer = createDeliverer({ url, connections: CONNECTIONS, timeoutMs: 3000 });
  const begun = templates.map(() => 0);
  let lastRound = Number.POSITIVE_INFINITY;
  let totals = noTotals;
  let [requests, resent] = [0, 0];

  const sending = templates.map(async ({ request, totals: own }, connection) => {
    for (let round = 1; round <= lastRound; round++) {
      begun[connection] = round;
      request.stamp(round, Date.now() - 3_700_000);
      resent += (await deliverer.deliver(request.bytes)) - 1;
      requests++;
      totals = addTotals(totals, own);
      await sleep(PAUSE_MS);
    }
  });
  // A refusal has to fail the test that stops the load, not the process before it gets there.
  const allSent = Promise.all(sending);
  allSent.catch(() => {});

  return {
    acknowledged: () => totals.spans,
    async stop() {
      lastRound = Math.max(...begun);
      await allSent;
      deliverer.close();
      return { totals, requests, resent };
    },
  };
}
