// Runs a program and tells both sides: what its user saw, and what arrived at the endpoint.
import { flush, shutdown, start } from "@runreel/sdk";

import { createOtlpSink } from "../../../../sdk/test/otlp-sink.ts";
import { recordingSaver, runreelCallbacks, runreelMiddleware } from "../../src/index.ts";
import { collectGarbage } from "../collect-garbage.ts";
import { UserCallbacks } from "../user-callbacks.ts";
import { arrivedSpans } from "./arrived.ts";
import type { ArrivedSpan } from "./arrived.ts";
import { plain } from "./plain.ts";
import type { Scenario, Way } from "./scenario.ts";

/** What the user of a program saw: its result or error, and the events of their own callbacks. */
export interface Seen {
  outcome: unknown;
  events: string[];
}

/** The program without us. */
export async function seenBare({ program }: Scenario): Promise<Seen> {
  const user = new UserCallbacks();
  return seen(program({ middleware: [], callbacks: [user], saver: (saver) => saver }), user);
}

/** The program with us. */
export async function observed({ program }: Scenario, way: Way): Promise<{ seen: Seen; roots: ArrivedSpan[] }> {
  await using sink = await createOtlpSink();
  start({ endpoint: sink.endpoint, flushIntervalMs: 60_000, spool: false });
  try {
    const user = new UserCallbacks();
    const told = await seen(
      program({
        middleware: way === "callbacks" ? [] : [runreelMiddleware()],
        callbacks: way === "middleware" ? [user] : [user, runreelCallbacks()],
        saver: recordingSaver,
      }),
      user,
    );
    const { buffered, dropped } = await flush();
    if (buffered + dropped > 0) throw new Error(`${buffered} spans still wait, ${dropped} are lost`);
    return { seen: told, roots: await arrivedSpans(sink) };
  } finally {
    await shutdown();
  }
}

async function seen(outcome: Promise<unknown>, user: UserCallbacks): Promise<Seen> {
  return { outcome: plain(await outcome), events: user.events };
}

/** An error as a user can tell it from another. */
export async function orError(result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    const { name, message, constructor } = error as Error;
    return { name, message, class: constructor.name, status: (error as { status?: unknown }).status };
  }
}

/** What comes first out of a stream, which is left then. Waits until the host has seen to that, or what it has left behind is gone. */
export async function firstOf(stream: () => Promise<AsyncIterable<unknown>>): Promise<unknown> {
  const read = async (): Promise<unknown> => {
    for await (const chunk of await stream()) return plain(chunk);
    return undefined;
  };
  const first = await read();
  await collectGarbage();
  return first;
}

/** All that comes out of a stream; an error is the last. */
export async function chunksOf(stream: Promise<AsyncIterable<unknown>> | AsyncIterable<unknown>): Promise<unknown[]> {
  const chunks: unknown[] = [];
  try {
    for await (const chunk of await stream) chunks.push(plain(chunk));
  } catch (error) {
    chunks.push(await orError(Promise.reject(error as Error)));
  }
  return chunks;
}
