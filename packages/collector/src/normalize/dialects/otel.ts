import { ERROR_TYPE } from "@runreel/semconv";
import { otherText } from "../attribute-readers.ts";
import type { Dialect } from "../reading.ts";

/** What any span of OpenTelemetry may say. */
export const otel: Dialect = {
  [ERROR_TYPE]: (reading, attribute) => {
    reading.span.errorType = reading.text(attribute);
    return true;
  },
  "session.id": otherText("conversationId"),
};
