import { createTraceState, TraceFlags } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { formatTraceContext, parseTraceparent } from "./traceparent.ts";

const hex = (length: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`)).filter((digits) => !/^0+$/.test(digits));

test("what is formatted is read back: ids, whether it is sampled, and the state", () => {
  const context = fc.record({
    traceId: hex(32),
    spanId: hex(16),
    traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
    state: fc.constantFrom("", "ot=th:8", "ot=th:c;rv:1234567890abcd,vendor=x-y"),
  });
  fc.assert(
    fc.property(context, ({ state, ...given }) => {
      const traceState = state === "" ? {} : { traceState: createTraceState(state) };
      const { traceparent, tracestate } = formatTraceContext({ ...given, ...traceState });
      const read = parseTraceparent(traceparent, tracestate);
      expect(read).toMatchObject({ ...given, isRemote: true });
      expect(read?.traceState?.serialize() ?? "").toBe(state);
    }),
  );
});

test("whatever else comes in a header is no trace", () => {
  const ids = `${"a".repeat(32)}-${"b".repeat(16)}`;
  for (const bad of [
    undefined,
    null,
    "",
    [],
    7,
    {},
    "rubbish",
    `00-${"0".repeat(32)}-${"b".repeat(16)}-01`,
    `00-${ids}`,
  ]) {
    expect(parseTraceparent(bad as string)).toBeUndefined();
  }
  expect(parseTraceparent([`00-${ids}-00`], ["ot=th:8", "a=b"])?.traceState?.serialize()).toBe("ot=th:8,a=b");
  expect(parseTraceparent(`00-${ids}-01`, 7 as never)).toMatchObject({ traceFlags: TraceFlags.SAMPLED });
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (one, other) => void parseTraceparent(one as string, other as string)),
  );
});
