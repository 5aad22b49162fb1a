import { createHash } from "node:crypto";

/** A message as the chat-completions protocol has it; only what the scripts read. */
export interface ChatMessage {
  role: string;
  content?: string | { type: string; text?: string }[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface Answer {
  reasoning: string;
  content: string;
  toolCalls: { id: string; name: string; arguments: string }[];
}

/** What a script makes up. */
export type Draft = { reasoning: string; content?: string; calls?: { name: string; arguments: unknown }[] };

/** The same conversation gets the same ids. */
export function answerOf(draft: Draft, messages: readonly ChatMessage[]): Answer {
  const seed = createHash("sha256").update(JSON.stringify(messages)).digest("hex");
  return {
    reasoning: draft.reasoning,
    content: draft.content ?? "",
    toolCalls: (draft.calls ?? []).map((call, index) => ({
      id: `call_${seed.slice(index * 8, index * 8 + 16)}`,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    })),
  };
}

/** The results of each tool in the conversation, joined where one was called more than once. */
export function toolResults(messages: readonly ChatMessage[]): Map<string, string> {
  const names = new Map(
    messages.flatMap(({ tool_calls }) => (tool_calls ?? []).map(({ id, function: { name } }) => [id, name])),
  );
  const results = new Map<string, string>();
  for (const message of messages) {
    const name = message.role === "tool" && names.get(message.tool_call_id ?? "");
    if (name) results.set(name, `${results.get(name) ?? ""}${textOf(message)}`);
  }
  return results;
}

export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? "";
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}
