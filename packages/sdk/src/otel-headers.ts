/**
 * The headers that OpenTelemetry's variables ask for, each without its value.
 *
 * The exporter sends those headers by itself. Where a key of ours is set they are meant for somebody else, so they are blanked.
 */
export function blankOtelHeaders(environment: Record<string, string | undefined>): Record<string, string> {
  const variables = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"];
  const pairs = variables.flatMap((variable) => environment[variable]?.split(",") ?? []);
  const names = pairs.map((pair) => pair.split("=")[0]?.trim() ?? "").filter((name) => name !== "");
  return Object.fromEntries(names.map((name) => [name, ""]));
}
