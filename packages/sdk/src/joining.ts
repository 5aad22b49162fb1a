import type { ReadableSpan } from "@opentelemetry/sdk-trace";

import type { Origin } from "./encode/origin.ts";
import { globalState } from "./global-state.ts";
import { GivenIds } from "./join/given-ids.ts";
import type { Host } from "./join/host.ts";
import { HostSpans } from "./join/host-spans.ts";
import { Twins } from "./join/twins.ts";
import { OpenSpan } from "./record/open-span.ts";
import type { Redactor } from "./redact/create-redactor.ts";
import { version } from "./version.ts";

interface JoiningParts {
  host: Host | undefined;
  origin: Origin;
  redactor: Redactor | undefined;
  record: (span: ReadableSpan) => void;
  isContentKept: boolean;
  onFault: (error: unknown) => void;
}

interface Joining {
  hostSpans: HostSpans;
  twins: Twins | undefined;
  ids: GivenIds | undefined;
}

/** Connects us with the host's own tracing: its spans inside our runs come here, and, where it was given to `start()`, copies of ours go there. */
export function joinHost({ host, origin, redactor, record, isContentKept, onFault }: JoiningParts): Joining {
  const { activeSpan } = globalState();
  const hostSpans = new HostSpans({
    active: () => {
      const active = activeSpan.getStore();
      return active instanceof OpenSpan ? active.place : undefined;
    },
    record,
    isContentKept,
    onFault,
    origin: { resource: origin.resource, instrumentationScope: origin.scope },
  });
  if (host === undefined) return { hostSpans, twins: undefined, ids: undefined };
  const ids = new GivenIds();
  const tracer = host.getTracer(origin.scope.name, version);
  return { hostSpans, twins: new Twins({ tracer, ids, hostSpans, redactor, onFault }), ids };
}
