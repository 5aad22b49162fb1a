import { parseKeyPairsIntoRecord } from "@opentelemetry/core";

/** The headers that the environment names for exporters of OTLP traces, in lower case. */
export function otelHeaders(environment: Record<string, string | undefined>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const variable of ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"]) {
    for (const [name, value] of Object.entries(parseKeyPairsIntoRecord(environment[variable]))) {
      headers[name.toLowerCase()] = value;
    }
  }
  return headers;
}
