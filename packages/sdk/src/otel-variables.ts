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

/** How the environment wants exporters of OTLP traces to compress; undefined where it says nothing that OTLP knows. */
export function otelCompression(environment: Record<string, string | undefined>): "gzip" | "none" | undefined {
  const named = environment["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION"] || environment["OTEL_EXPORTER_OTLP_COMPRESSION"];
  const compression = named?.trim().toLowerCase();
  return compression === "gzip" || compression === "none" ? compression : undefined;
}
