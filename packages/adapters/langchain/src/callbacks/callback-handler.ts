import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseMessage } from "@langchain/core/messages";
import type { Outcome, RecordedSpan, Recorder } from "@runreel/sdk/adapter";

import { commandIn, isHandOver, isPause, textOf } from "../host-config.ts";
import { documentOf } from "../mapping/document.ts";
import { identityOf } from "../mapping/model.ts";
import { definitionsOf, effectOf, resultOf } from "../mapping/tool.ts";
import { toolOutcome } from "../mapping/tool-outcome.ts";
import { FRAMEWORK } from "../options.ts";
import type { RecordingOptions } from "../options.ts";
import { endRun } from "../record/langchain-runs.ts";
import type { LangchainRun, LangchainRuns } from "../record/langchain-runs.ts";
import type { Registry } from "../record/registry.ts";
import { answered, conversationOf, isNamedGraph, nameOf, offeredTools, parsed, runInput, runOutput } from "./event.ts";
import type { Conversation } from "./event.ts";
import { replayNeedsMiddleware } from "./replay-needs-middleware.ts";

/** By this LangGraph knows handlers that it tells of pauses (`handleInterrupt`). */
const GRAPH_CALLBACK_HANDLER = Symbol.for("langgraph.graph_callback_handler");

type Metadata = Record<string, unknown> | undefined;

/**
 * Records from LangChain's callbacks, for everything that is no `createAgent`.
 *
 * Every method is synchronous and awaited: one that is not gets its turn in a queue that all tasks of the process share, and can cost
 * the user the end of a stream (docs/discoveries/langchain.md).
 */
export class RunreelCallbackHandler extends BaseCallbackHandler {
  override readonly name = "runreel";
  override awaitHandlers = true;
  override ignoreCustomEvent = true;
  readonly #recorder: () => Recorder;
  readonly #registry: Registry;
  readonly #options: RecordingOptions;
  readonly #runs: LangchainRuns;

  constructor(recorder: () => Recorder, registry: Registry, options: RecordingOptions) {
    super();
    this.#recorder = recorder;
    this.#registry = registry;
    this.#options = options;
    this.#runs = registry.langchainRuns;
    // Callbacks cannot hand back a recorded result. A replay must stop there rather than run live.
    const isRaised = (): boolean => this.#recorder().replay !== undefined;
    Object.defineProperty(this, "raiseError", { get: isRaised });
    Object.defineProperty(this, GRAPH_CALLBACK_HANDLER, { value: true });
  }

  /** What it knows of open runs cannot be split between two. */
  override copy(): BaseCallbackHandler {
    return this;
  }

  override handleChainStart(serialized: unknown, inputs: unknown, runId: string, ...rest: unknown[]): void {
    // The types of BaseCallbackHandler have these in another order; this is the one that arrives.
    const [parentId, , metadata, , runName] = rest as [string?, string[]?, Metadata?, string?, string?];
    if (this.#isOff() || this.#isTold(runId)) return;
    const above = this.#runs.get(parentId);
    if (above !== undefined && !isNamedGraph(serialized, runName)) return this.#runs.set(runId, above);
    const given = above === undefined ? (this.#options.name ?? textOf(metadata?.["lc_agent_name"])) : undefined;
    const name = given ?? runName ?? nameOf(serialized) ?? "agent";
    const span = this.#beginRun(name, above?.span, { input: runInput(inputs), metadata });
    const threadId = textOf(metadata?.["thread_id"]);
    const thread =
      threadId === undefined ? undefined : { id: threadId, namespace: textOf(metadata?.["langgraph_checkpoint_ns"]) };
    if (thread !== undefined) this.#registry.takeThread(thread, { span });
    const run: LangchainRun = { id: runId, span, above, isPaused: false, thread, lastTimeMs: Date.now() };
    this.#runs.open(runId, run, above === undefined ? metadata : undefined);
  }

  override handleChainEnd(outputs: unknown, runId: string): void {
    const run = this.#runs.take(runId);
    run?.span.end(run.isPaused ? { interrupted: true } : { output: runOutput(outputs) });
  }

  override handleChainError(error: unknown, runId: string): void {
    this.#fails(runId, error);
  }

  /** A graph waits: for a person, or because it was told to stop before or after a node. */
  handleInterrupt({ runId }: { runId: string }): void {
    this.#runs.pause(runId);
  }

  override handleChatModelStart(llm: unknown, messages: BaseMessage[][], runId: string, ...rest: unknown[]): void {
    if (this.#skips("inference", runId, rest[0] as string | undefined)) return;
    const agent = this.#runs.get(rest[0] as string | undefined)?.span;
    this.#inferenceStarts(llm, conversationOf(messages[0] ?? [], agent), runId, rest);
  }

  override handleLLMStart(llm: unknown, prompts: string[], runId: string, ...rest: unknown[]): void {
    if (this.#skips("inference", runId, rest[0] as string | undefined)) return;
    const asked = prompts.map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
    this.#inferenceStarts(llm, { system: [], messages: asked }, runId, rest);
  }

  override handleLLMNewToken(_token: string, _at: unknown, runId: string): void {
    const run = this.#runs.get(runId);
    if (run?.id !== runId) return;
    run.firstChunkTimeMs ??= performance.now();
    run.lastTimeMs = Date.now();
  }

  override handleLLMEnd(output: unknown, runId: string, ...rest: unknown[]): void {
    const run = this.#runs.take(runId);
    if (run === undefined) return;
    const isCached = (rest[2] as { cached?: unknown } | undefined)?.cached === true;
    const { startTimeMs = 0, firstChunkTimeMs } = run;
    const isStreamed = firstChunkTimeMs !== undefined && !isCached;
    const timing = isStreamed ? { timeToFirstChunkMs: firstChunkTimeMs - startTimeMs } : {};
    endRun(run, { ...answered(output, isCached), ...timing });
  }

  override handleLLMError(error: unknown, runId: string): void {
    this.#fails(runId, error);
  }

  override handleToolStart(serialized: unknown, input: string, runId: string, ...rest: unknown[]): void {
    const [parentId, , metadata, runName, callId] = rest as [string?, string[]?, Metadata?, string?, string?];
    if (this.#skips("tool", runId, parentId)) return;
    const name = runName ?? textOf((serialized as { name?: unknown } | null)?.name) ?? "tool";
    const { parent, root } = this.#placeOf(parentId, name, metadata);
    const span = this.#recorder().beginTool({
      parent,
      name,
      framework: FRAMEWORK,
      arguments: parsed(input),
      effect: effectOf(name, this.#options.effects, metadata),
      ...(callId === undefined ? {} : { callId }),
    });
    const call = { name, ...(callId === undefined ? {} : { id: callId }) };
    this.#opens(runId, parentId, { span, root, call }, root === undefined ? undefined : metadata);
  }

  override handleToolEnd(output: unknown, runId: string): void {
    const run = this.#runs.take(runId);
    if (run === undefined) return;
    const { call } = run;
    endRun(run, call === undefined ? { output, raw: output } : toolOutcome(output, call));
  }

  override handleToolError(error: unknown, runId: string): void {
    this.#fails(runId, error);
  }

  override handleRetrieverStart(retriever: unknown, query: string, runId: string, ...rest: unknown[]): void {
    const [parentId, , metadata, runName] = rest as [string?, string[]?, Metadata?, string?];
    if (this.#isOff() || this.#isTold(runId)) return;
    const name = runName ?? nameOf(retriever) ?? "retriever";
    const { parent, root } = this.#placeOf(parentId, name, metadata);
    const span = this.#recorder().beginCode({ parent, name, framework: FRAMEWORK, effect: "read", input: query });
    this.#opens(runId, parentId, { span, root }, root === undefined ? undefined : metadata);
  }

  override handleRetrieverEnd(documents: unknown, runId: string): void {
    this.#ends(runId, { output: Array.isArray(documents) ? documents.map(documentOf) : documents });
  }

  override handleRetrieverError(error: unknown, runId: string): void {
    this.#fails(runId, error);
  }

  #inferenceStarts(llm: unknown, { system, messages }: Conversation, runId: string, rest: unknown[]): void {
    const [parentId, extra, , metadata] = rest as [string?, unknown?, string[]?, Metadata?];
    const { model = nameOf(llm) ?? "unknown", provider, parameters } = identityOf(metadata, extra);
    const { parent, root } = this.#placeOf(parentId, model, metadata);
    const tools = definitionsOf(offeredTools(extra));
    const span = this.#recorder().beginInference({
      parent,
      model,
      parameters,
      framework: FRAMEWORK,
      messages,
      ...(provider === undefined ? {} : { provider }),
      ...(system.length === 0 ? {} : { system }),
      ...(tools.length === 0 ? {} : { tools }),
    });
    this.#opens(runId, parentId, { span, root }, metadata);
  }

  #isOff(): boolean {
    return !this.#recorder().enabled && this.#recorder().replay === undefined;
  }

  /** Whether another handler of ours has told of this run. */
  #isTold(runId: string): boolean {
    return this.#runs.get(runId) !== undefined;
  }

  /** Whether the middleware records this call. Then what runs inside belongs to its span. */
  #skips(kind: "inference" | "tool", runId: string, parentId: string | undefined): boolean {
    const recorder = this.#recorder();
    if (this.#isOff() || this.#isTold(runId)) return true;
    if (this.#registry.isWrapped(kind)) {
      const above = this.#runs.get(parentId);
      this.#runs.set(runId, {
        id: undefined,
        span: recorder.active()!,
        above,
        isPaused: false,
        lastTimeMs: Date.now(),
      });
      return true;
    }
    if (recorder.replay !== undefined) throw replayNeedsMiddleware(kind);
    return false;
  }

  /** Where a step stands. One that runs alone gets a run of its own around it. */
  #placeOf(
    parentId: string | undefined,
    name: string,
    metadata: Metadata,
  ): { parent: RecordedSpan; root?: RecordedSpan } {
    const known = this.#runs.get(parentId)?.span ?? this.#recorder().active();
    if (known !== undefined) return { parent: known };
    const root = this.#beginRun(this.#options.name ?? name, undefined, { input: undefined, metadata });
    return { parent: root, root };
  }

  #opens(
    runId: string,
    parentId: string | undefined,
    { span, root, call }: Pick<LangchainRun, "span" | "root" | "call">,
    host: Metadata,
  ): void {
    const above = this.#runs.get(parentId);
    const times = { startTimeMs: performance.now(), lastTimeMs: Date.now() };
    this.#runs.open(runId, { id: runId, span, above, root, call, ...times, isPaused: false }, host);
  }

  #ends(runId: string, outcome: Outcome): void {
    const run = this.#runs.take(runId);
    if (run !== undefined) endRun(run, outcome);
  }

  #fails(runId: string, error: unknown): void {
    if (isHandOver(error)) return this.#ends(runId, { output: resultOf(commandIn(error), undefined) });
    if (isPause(error)) this.#runs.pause(runId);
    this.#ends(runId, isPause(error) ? { interrupted: true } : { error });
  }

  #beginRun(
    name: string,
    parent: RecordedSpan | undefined,
    { input, metadata }: { input: unknown; metadata: Metadata },
  ): RecordedSpan {
    const conversationId = textOf(metadata?.["thread_id"]);
    return this.#recorder().beginRun({
      name,
      agent: { name },
      framework: FRAMEWORK,
      parent,
      input,
      ...(conversationId === undefined ? {} : { conversationId }),
    });
  }
}
