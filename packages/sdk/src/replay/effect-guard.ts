import { toPlain } from "@runreel/content";

import type { Effect, StepKind } from "../record/outcome.ts";
import type { ReplayPlan } from "./plan.ts";

/** "May this step run?" */
export interface Question {
  /** Number of the recorded step that it stands for, or its own in the replay where the recording has none. */
  step: number | null;
  kind: StepKind;
  name: string;
  arguments: unknown;
  effect: Effect;
  callId: string | null;
}

/** Only an explicit yes of somebody is a yes. */
export type Answer =
  | { isAllowed: true; by: string }
  | { isAllowed: false; by: string | null; reason: string; cause?: unknown };

/** Asks a person whether an effect may happen. Never rejects: whatever fails is a no. */
export interface EffectGuard {
  ask(question: Question): Promise<Answer>;
}

export interface EffectGuardOptions {
  /** How long a person may take. 10 minutes unless given: long enough for a coffee, short enough that no replay hangs over night. */
  timeoutMs?: number;
  /** Ends the waiting, as a no. */
  signal?: AbortSignal;
}

/** The longest that one request waits for an answer; shorter than what proxies allow. */
const WAIT_MS = 25_000;
/** Failed looks in a row after which the collector counts as gone. */
const ATTEMPTS_MAX = 3;
const RETRY_DELAY_MS = 250;

/** A guard that puts its questions to the person through the collector (docs/wire.md, "Replay"). */
export function createEffectGuard(
  plan: Pick<ReplayPlan, "endpoint" | "apiKey" | "replayId">,
  options: EffectGuardOptions = {},
): EffectGuard {
  const questions = `${plan.endpoint.replace(/\/$/, "")}/api/replays/${encodeURIComponent(plan.replayId)}/questions`;
  const timeoutMs = options.timeoutMs ?? 600_000;
  return {
    async ask(question) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
      try {
        const id = await pose(question, { questions, apiKey: plan.apiKey, signal });
        return await answerTo(`${questions}/${encodeURIComponent(id)}`, { apiKey: plan.apiKey, signal });
      } catch (cause) {
        if (timeout.aborted) return { isAllowed: false, by: null, reason: `nobody answered within ${timeoutMs} ms` };
        if (signal.aborted) return { isAllowed: false, by: null, reason: "the replay was stopped" };
        const reason = `the question could not be put: ${(cause as Error).message}`;
        return { isAllowed: false, by: null, reason, cause };
      }
    },
  };
}

interface Connection {
  apiKey: string | undefined;
  signal: AbortSignal;
}

async function pose(
  question: Question,
  { questions, ...connection }: Connection & { questions: string },
): Promise<string> {
  const answer = await request(
    questions,
    connection,
    JSON.stringify({ ...question, arguments: toPlain(question.arguments) }),
  );
  const { questionId } = answer as { questionId?: unknown };
  if (typeof questionId !== "string") throw new Error("the collector gave the question no id");
  return questionId;
}

async function answerTo(url: string, connection: Connection): Promise<Answer> {
  let failures = 0;
  for (;;) {
    let reply: { state?: unknown; decision?: unknown; by?: unknown };
    try {
      reply = (await request(`${url}?waitMs=${WAIT_MS}`, connection)) as typeof reply;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (connection.signal.aborted || failures >= ATTEMPTS_MAX) throw error;
      await pause(connection.signal);
      continue;
    }
    const by = typeof reply.by === "string" ? reply.by : null;
    if (reply.state === "answered") {
      if (reply.decision === "yes" && by !== null) return { isAllowed: true, by };
      return {
        isAllowed: false,
        by,
        reason: reply.decision === "no" ? "the answer was no" : "the answer was not a yes",
      };
    }
    if (reply.state !== "open") throw new Error("the collector's answer cannot be read");
  }
}

async function request(url: string, { apiKey, signal }: Connection, body?: string): Promise<unknown> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (apiKey !== undefined) headers["authorization"] = `Bearer ${apiKey}`;
  const init = body === undefined ? { headers, signal } : { method: "POST", headers, signal, body };
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`the collector answered ${response.status}`);
  const reply: unknown = await response.json();
  if (typeof reply !== "object" || reply === null) throw new Error("the collector's answer cannot be read");
  return reply;
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, RETRY_DELAY_MS);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
