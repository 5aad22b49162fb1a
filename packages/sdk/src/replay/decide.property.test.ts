// Whatever the program does: parallel steps are served right in any order, and nothing that changes the world runs without a yes.
import { contentHash } from "@runreel/content";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createReplay } from "./create-replay.ts";
import type { RecordedStep } from "./plan.ts";
import { planOf, recordedStep } from "../../test/replay/recording.ts";

const effects = ["none", "read", "idempotent", "non_idempotent", "unknown"] as const;
const step = fc.record({
  kind: fc.constantFrom("tool", "inference", "code"),
  name: fc.constantFrom("a", "b"),
  arguments: fc.constantFrom(null, { q: 1 }, { q: 2 }, ["m"]),
  effect: fc.constantFrom(...effects),
});
const recorded = (
  steps: { kind: RecordedStep["kind"]; name: string; arguments: unknown; effect: RecordedStep["effect"] }[],
) =>
  steps.map((one, at) =>
    recordedStep({ ...one, index: at + 1, argumentsHash: contentHash(one.arguments), result: at + 1 }),
  );

test("any order of the recorded steps is served completely, equal ones in the order of the recording", async () => {
  const shuffled = fc.array(step, { maxLength: 12 }).chain((steps) => {
    const all = recorded(steps);
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  await fc.assert(
    fc.asyncProperty(shuffled, async ([all, order]) => {
      const replay = createReplay({ plan: planOf(all), hash: contentHash });
      const verdicts = await Promise.all(order.map((one) => replay.decide(one as Parameters<typeof replay.decide>[0])));
      const served = verdicts.map((verdict) => (verdict.action === "serve" ? verdict.recorded : undefined));
      expect(new Set(served.map((one) => one?.index)).size).toBe(all.length);
      const next = new Map<string, number>();
      for (const [at, one] of order.entries()) {
        const key = JSON.stringify([one.kind, one.name, one.argumentsHash]);
        const index = served[at]!.index;
        expect([served[at]!.kind, served[at]!.name, served[at]!.argumentsHash]).toEqual([
          one.kind,
          one.name,
          one.argumentsHash,
        ]);
        expect(index).toBeGreaterThan(next.get(key) ?? 0);
        next.set(key, index);
      }
    }),
    { numRuns: 100 },
  );
});

test("nothing that may not happen twice runs without a yes", async () => {
  const scenario = fc.record({
    steps: fc.array(step, { maxLength: 8 }),
    asked: fc.array(step, { maxLength: 12 }),
    from: fc.integer({ min: 1, max: 9 }),
    mode: fc.constantFrom("recorded" as const, "tools-recorded" as const, "live" as const),
    onDivergence: fc.constantFrom("stop" as const, "continue" as const),
    answers: fc.array(fc.constantFrom("yes", "no", "fault"), { minLength: 12, maxLength: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, asked, from, mode, onDivergence, answers }) => {
      const allowed = new Set<unknown>();
      let question = 0;
      const guard = {
        ask: async (one: { arguments: unknown }) => {
          const answer = answers[question++ % answers.length];
          if (answer === "fault") throw new Error("fault");
          if (answer === "no") return { isAllowed: false as const, by: "p", reason: "no" };
          allowed.add(one.arguments);
          return { isAllowed: true as const, by: "p" };
        },
      };
      const all = recorded(steps);
      const replay = createReplay({ plan: planOf(all, { from, mode, onDivergence }), hash: contentHash, guard });
      for (const one of asked) {
        // An object of its own, so that the answer to one question is not taken for another's.
        const given = structuredClone(one.arguments) ?? {};
        const verdict = await replay.decide({ ...one, arguments: given } as Parameters<typeof replay.decide>[0]);
        if (verdict.action !== "run") continue;
        const isRisky = one.kind !== "inference" && (one.effect === "non_idempotent" || one.effect === "unknown");
        const isConfirmed = verdict.served === "confirmed" && allowed.has(given);
        const isReplayed = mode !== "recorded" || onDivergence === "continue";
        expect({ isConfirmed: isConfirmed || !isRisky, isReplayed }).toEqual({ isConfirmed: true, isReplayed: true });
      }
    }),
    { numRuns: 200 },
  );
});
