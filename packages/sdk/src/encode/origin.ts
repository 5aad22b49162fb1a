import type { InstrumentationScope } from "@opentelemetry/core";
import type { Resource } from "@opentelemetry/resources";

/** Where spans come from. */
export interface Origin {
  resource: Resource;
  scope: InstrumentationScope;
}
