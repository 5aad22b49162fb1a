import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { LangSmithParams } from "@langchain/core/language_models/chat_models";
import type { AIMessage, BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";

/**
 * Stands in for a model whose answer is served, so that the user's callbacks and streams hear of it as of any other. Nothing is asked
 * of anybody.
 */
export class ServedModel extends BaseChatModel {
  readonly #answer: () => AIMessage;
  readonly #original: unknown;

  constructor(answer: () => AIMessage, original: unknown) {
    super({});
    this.#answer = answer;
    this.#original = original;
  }

  override _llmType(): string {
    return "served";
  }

  override getLsParams(options: this["ParsedCallOptions"]): LangSmithParams {
    const original = this.#original as { getLsParams?: (options: object) => LangSmithParams } | undefined;
    return original?.getLsParams?.(options) ?? super.getLsParams(options);
  }

  override async _generate(_messages: BaseMessage[]): Promise<ChatResult> {
    const message = this.#answer();
    return { generations: [{ message, text: message.text }] };
  }
}
