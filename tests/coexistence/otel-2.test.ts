// Proves what happens in a program that has OpenTelemetry of the 2.x line for itself.
import { ambientTraces } from "../../packages/sdk/test/coexistence/ambient-traces.ts";
import { joinedProvider } from "../../packages/sdk/test/coexistence/joined-provider.ts";
import { otel2 } from "./otel-2.ts";

ambientTraces(otel2);
joinedProvider(otel2);
