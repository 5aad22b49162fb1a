import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { Recorder } from "@runreel/sdk/adapter";

import { FRAMEWORK } from "../options.ts";
import type { Registry } from "../record/registry.ts";

/** What a saver's methods are given. */
interface SaverConfig {
  configurable?: { thread_id?: string; checkpoint_ns?: string; checkpoint_id?: string };
}

/**
 * The user's saver with our ears on: everything goes to theirs, and what it has saved is recorded as a checkpoint of the run.
 *
 * A proxy rather than a class, so that all of theirs stays: `setup()`, its class, members that no interface knows.
 */
export function createRecordingSaver<Saver extends BaseCheckpointSaver>(
  recorder: () => Recorder,
  registry: Registry,
  saver: Saver,
): Saver {
  const put: Saver["put"] = async (config, checkpoint, metadata, newVersions) => {
    const saved = await saver.put(config, checkpoint, metadata, newVersions);
    if (recorder().enabled) record(recorder(), registry, { config, checkpoint, metadata });
    return saved;
  };
  const putWrites: Saver["putWrites"] = async (config, writes, ...more) => {
    await saver.putWrites(config, writes, ...more);
    const { thread_id, checkpoint_ns } = configurableOf(config);
    if (thread_id === undefined || (checkpoint_ns ?? "") !== "") return;
    const channels = writes.map(([channel]) => channel);
    if (channels.includes("__interrupt__")) registry.workerOn({ id: thread_id })?.pause?.();
    if (channels.includes("__resume__")) registry.invocationBegins({ id: thread_id });
  };
  const ours: Partial<Record<PropertyKey, unknown>> = { put, putWrites };
  const bound = new WeakMap<object, unknown>();
  return new Proxy(saver, {
    get(target, property) {
      const value: unknown = ours[property] ?? Reflect.get(target, property, target);
      if (typeof value !== "function" || property === "constructor" || value === ours[property]) return value;
      // Bound to theirs, whose private members a proxy does not have; once, so that a method stays equal to itself.
      if (!bound.has(value)) bound.set(value, value.bind(target));
      return bound.get(value);
    },
  });
}

interface Saved {
  config: object;
  checkpoint: { id: string; channel_values: Record<string, unknown> };
  metadata: { source?: string; step?: number };
}

function record(recorder: Recorder, registry: Registry, { config, checkpoint, metadata }: Saved): void {
  const { thread_id, checkpoint_ns, checkpoint_id } = configurableOf(config);
  const request = {
    state: stateOf(checkpoint.channel_values),
    label: `${metadata.source ?? "loop"}/${metadata.step ?? 0}`,
    id: checkpoint.id,
    framework: FRAMEWORK,
    ...(checkpoint_id === undefined ? {} : { parentId: checkpoint_id }),
    ...(checkpoint_ns === undefined || checkpoint_ns === "" ? {} : { namespace: checkpoint_ns }),
  };
  const thread = thread_id === undefined ? undefined : { id: thread_id, namespace: checkpoint_ns };
  if (thread !== undefined && beginnings.has(metadata.source)) registry.invocationBegins(thread);
  const worker = thread === undefined ? undefined : registry.workerOn(thread);
  if (worker !== undefined) worker.hasSaved = true;
  const parent = worker?.span ?? recorder.active();
  if (parent !== undefined) recorder.checkpoint({ ...request, parent });
  else if (thread !== undefined) registry.keepEarly(thread, request);
}

/** The sources of the first checkpoint of an invocation: with an input, or from an earlier checkpoint. */
const beginnings: ReadonlySet<unknown> = new Set(["input", "fork"]);

const configurableOf = (config: object): NonNullable<SaverConfig["configurable"]> =>
  (config as SaverConfig).configurable ?? {};

/** The agent's own channels. What the graph keeps to find its way (`branch:to:…`, `__pregel_tasks`) holds whole copies of the state. */
function stateOf(channels: Record<string, unknown>): Record<string, unknown> {
  const isOwn = ([name, value]: [string, unknown]): boolean =>
    value !== undefined && !/^(__|branch:|start:)/.test(name);
  return Object.fromEntries(Object.entries(channels).filter(isOwn));
}
