import { setTimeout as wait } from "node:timers/promises";

import type { CollectorClient } from "../client.ts";
import type { Person } from "./ask-person.ts";

const pollIntervalMs = 150;

/**
 * Answers the questions of a replay as they come, one after the other, until `signal` says that the program has ended.
 *
 * Never rejects: while the collector cannot be reached nobody can be asked, and the program takes that for a no.
 */
export async function answerQuestions(options: {
  client: CollectorClient;
  replayId: string;
  person: Person;
  by: string;
  tell: (text: string) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { client, replayId, person, by, tell, signal } = options;
  const answered = new Set<string>();
  let lastFault = "";
  while (!signal.aborted) {
    try {
      const { questions } = await client.replay(replayId);
      const next = questions.find(({ questionId, state }) => state !== "answered" && !answered.has(questionId));
      if (next) {
        const decision = await person(next, signal);
        answered.add(next.questionId);
        await client.confirm(replayId, { questionId: next.questionId, decision, by });
        continue;
      }
    } catch (error) {
      const fault = (error as Error).message;
      if (fault !== lastFault) tell(`Questions cannot be answered at the moment: ${fault}`);
      lastFault = fault;
    }
    await wait(pollIntervalMs, undefined, { signal }).catch(() => undefined);
  }
}
