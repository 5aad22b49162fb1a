import { ERROR_TYPE } from "@runreel/semconv";
import type { Dialect } from "./reading.ts";

/** What any span of OpenTelemetry may say. */
export const otel: Dialect = {
  [ERROR_TYPE]: (reading, attribute) => {
    reading.span.errorType = reading.text(attribute);
    return true;
  },
};
