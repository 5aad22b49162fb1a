import * as fc from "fast-check";
import { expect, test } from "vitest";

import { SlabStore } from "../buffer/slab-store.ts";
import { RunRing } from "./run-ring.ts";

const MiB = 1024 * 1024;

const bytesOf = (fill: number, length: number): Uint8Array => new Uint8Array(length).fill(fill);

interface Added {
  fill: number;
  length: number;
}

const action = fc.record({
  run: fc.nat(9),
  kind: fc.constantFrom("span", "span", "blob", "end"),
  length: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 200_000 })),
});

test("whatever is added, memory stays within the limit, the oldest falls out as a whole, and what stays is as it was", () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 50, maxLength: 300 }), (actions) => {
      const ring = new RunRing({ maxBytes: MiB, store: new SlabStore() });
      const held = new Map<string, Added[]>();
      actions.forEach(({ run: id, kind, length }, at) => {
        const traceId = `trace ${id}`;
        if (kind === "end") {
          ring.end(traceId);
          held.delete(traceId);
          return;
        }
        const run = ring.find(traceId) ?? ring.begin(traceId);
        if (!held.has(traceId)) held.set(traceId, []);
        const before = ring.fellOut;
        const fill = at % 256;
        if (kind === "span") ring.addSpan(run, bytesOf(fill, length), true);
        else ring.addBlob(run, String(at), bytesOf(fill, length));
        held.get(traceId)!.push({ fill, length });
        // The oldest with something to lose have lost it.
        let fallen = ring.fellOut - before;
        for (const added of held.values()) {
          if (fallen === 0) break;
          if (added.length === 0) continue;
          added.length = 0;
          fallen -= 1;
        }
        expect(ring.bytes).toBeLessThanOrEqual(MiB);
      });
      for (const [traceId, added] of held) {
        const run = ring.find(traceId)!;
        const pieces = [...run.spans.map(({ piece }) => piece), ...run.blobs.values()];
        const found = pieces.map(({ buffer, start, end }) => ({ fill: buffer[start]!, length: end - start }));
        const sorted = (all: Added[]): Added[] => all.toSorted((a, b) => a.fill - b.fill || a.length - b.length);
        expect(sorted(found)).toEqual(sorted(added));
        for (const { buffer, start, end } of pieces) {
          expect(buffer.subarray(start, end).every((byte) => byte === buffer[start])).toBe(true);
        }
      }
      for (const traceId of held.keys()) ring.end(traceId);
      expect(ring.size).toBe(0);
      expect(ring.bytes).toBe(0);
    }),
    { numRuns: 25 },
  );
}, 30_000);
