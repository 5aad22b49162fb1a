// The callbacks of a user, who must hear the same with and without us.
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseMessage } from "@langchain/core/messages";

export class UserCallbacks extends BaseCallbackHandler {
  override readonly name = "user";
  override awaitHandlers = true;
  readonly events: string[] = [];
  override handleChainStart(): void {
    this.events.push("chain start");
  }
  override handleChainEnd(): void {
    this.events.push("chain end");
  }
  override handleChainError(error: Error): void {
    this.events.push(`chain error ${error.name}`);
  }
  override handleChatModelStart(_: unknown, messages: BaseMessage[][]): void {
    this.events.push(`model start ${messages[0]?.length}`);
  }
  override handleLLMNewToken(token: string): void {
    this.events.push(`token ${token}`);
  }
  override handleLLMEnd(): void {
    this.events.push("model end");
  }
  override handleLLMError(error: Error): void {
    this.events.push(`model error ${error.message}`);
  }
  override handleToolStart(_: unknown, input: string): void {
    this.events.push(`tool start ${input}`);
  }
  override handleToolEnd(): void {
    this.events.push("tool end");
  }
  override handleToolError(error: Error): void {
    this.events.push(`tool error ${error.name === "GraphInterrupt" ? "pause" : error.message}`);
  }
  override handleRetrieverStart(_: unknown, query: string): void {
    this.events.push(`retriever start ${query}`);
  }
  override handleRetrieverEnd(): void {
    this.events.push("retriever end");
  }
  override handleRetrieverError(error: Error): void {
    this.events.push(`retriever error ${error.message}`);
  }
  override handleAgentAction(): void {
    this.events.push("agent action");
  }
  override handleAgentEnd(): void {
    this.events.push("agent end");
  }
  override handleCustomEvent(name: string, data: unknown): void {
    this.events.push(`custom ${name} ${JSON.stringify(data)}`);
  }
}
