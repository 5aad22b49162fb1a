import { makeAgentRuns } from "./agent-runs.ts";
import { encodeRequest } from "./encode-request.ts";
import { totalsOf } from "./expected-totals.ts";
import type { Totals } from "./expected-totals.ts";
import { createRequestTemplate } from "./request-template.ts";
import type { RequestTemplate } from "./request-template.ts";

export interface LoadOptions {
  /** Requests that belong together: the runs in them end in one another's requests. */
  requests: number;
  spansPerRequest: number;
  /** Messages, arguments and results as attributes, about 3.2 kB a span; without, 0.6 kB. */
  withContent: boolean;
  /** 1 to 127. Loads with other seeds have no id in common. */
  seed: number;
}

/** Requests to send again and again, and what each adds to the sums. All of one stamp are whole runs. */
export interface Load {
  templates: { request: RequestTemplate; totals: Totals }[];
}

/** Times of an unshifted load lie around the epoch's first hour; a shift of about `Date.now()` makes them of today. */
const EPOCH_MS = 3_600_000;

export function createLoad({ requests, spansPerRequest, withContent, seed }: LoadOptions): Load {
  const spans = makeAgentRuns(requests * spansPerRequest, seed, withContent);
  const templates = Array.from({ length: requests }, (_, index) => {
    const part = spans.slice(index * spansPerRequest, (index + 1) * spansPerRequest);
    return { request: createRequestTemplate(encodeRequest(part, seed, EPOCH_MS)), totals: totalsOf(part) };
  });
  return { templates };
}
