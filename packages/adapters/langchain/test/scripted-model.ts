// A chat model that answers from a script: streaming, tool calls, usage and reasoning, without a network.
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { BaseMessage } from "@langchain/core/messages";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import type { AIMessageFields } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ChatResult } from "@langchain/core/outputs";

export interface ScriptedAnswer {
  text?: string;
  reasoning?: string;
  tools?: { name: string; args: Record<string, unknown>; id?: string }[];
  error?: Error;
  /** How often the error comes before the answer does; always unless given. */
  fails?: number;
}

/** Answers by how far the conversation has come, so that parallel agents can share one model. */
export class ScriptedModel extends BaseChatModel {
  readonly #script: readonly ScriptedAnswer[];
  readonly #answer: (messages: BaseMessage[]) => number;
  /** What each request held, as types of messages. */
  readonly requests: BaseMessage[][] = [];
  #failures = 0;

  constructor(script: readonly ScriptedAnswer[], answer?: (messages: BaseMessage[]) => number) {
    super({});
    this.#script = script;
    this.#answer = answer ?? ((messages) => messages.filter((message) => AIMessage.isInstance(message)).length);
  }

  override _llmType(): string {
    return "scripted";
  }

  override getLsParams(): { ls_provider: string; ls_model_name: string; ls_model_type: "chat" } {
    return { ls_provider: "mistralai", ls_model_name: "scripted-1", ls_model_type: "chat" };
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { answer, fields } = this.#next(messages);
    const message = new AIMessage(fields);
    return { generations: [{ message, text: answer.text ?? "" }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { answer, fields } = this.#next(messages);
    const pieces = (answer.text ?? "").split(/(?<= )/).filter((piece) => piece !== "");
    for (const piece of pieces) {
      const chunk = new ChatGenerationChunk({
        text: piece,
        message: new AIMessageChunk({ content: piece, id: String(fields.id) }),
      });
      yield chunk;
      await runManager?.handleLLMNewToken(piece, undefined, undefined, undefined, undefined, { chunk });
    }
    const last = new AIMessageChunk({ ...(fields as object), content: "" });
    yield new ChatGenerationChunk({ text: "", message: last });
  }

  #next(messages: BaseMessage[]) {
    this.requests.push(messages);
    const at = this.#answer(messages);
    const answer = this.#script[at] ?? { text: "out of script" };
    if (answer.error !== undefined && this.#failures++ < (answer.fails ?? Infinity)) throw answer.error;
    const calls = (answer.tools ?? []).map((call, index) => ({
      type: "tool_call" as const,
      id: `call_${at}_${index}`,
      ...call,
    }));
    const given = {
      id: `answer-${at}`,
      content: answer.text ?? "",
      tool_calls: calls,
      usage_metadata: {
        input_tokens: 100 + at,
        output_tokens: 20,
        total_tokens: 120 + at,
        input_token_details: { cache_read: 40 },
        output_token_details: { reasoning: 5 },
      },
      response_metadata: { model_name: "scripted-1-2026", finish_reason: calls.length > 0 ? "tool_calls" : "stop" },
      additional_kwargs: answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning },
    };
    // The types of the host know no usage on a message without a structure.
    return { answer, fields: given as unknown as AIMessageFields };
  }
}
