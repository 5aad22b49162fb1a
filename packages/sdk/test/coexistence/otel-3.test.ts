// Proves what happens in a program that has OpenTelemetry of the 3.x line for itself.
import { ambientTraces } from "./ambient-traces.ts";
import { joinedProvider } from "./joined-provider.ts";
import { otel3 } from "./otel-3.ts";

ambientTraces(otel3);
joinedProvider(otel3);
