import { RandomIdGenerator } from "@opentelemetry/sdk-trace";
import type { IdGenerator } from "@opentelemetry/sdk-trace";

/** Gives our next span the ids that the host's copy of it has, so that either can be found by the other. */
export class GivenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #spanId: string | undefined;
  #traceId: string | undefined;

  give(spanId: string, traceId: string | undefined): void {
    this.#spanId = spanId;
    this.#traceId = traceId;
  }

  generateSpanId(): string {
    const id = this.#spanId ?? this.#random.generateSpanId();
    this.#spanId = undefined;
    return id;
  }

  generateTraceId(): string {
    const id = this.#traceId ?? this.#random.generateTraceId();
    this.#traceId = undefined;
    return id;
  }
}
