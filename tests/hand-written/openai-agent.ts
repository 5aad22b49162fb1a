// A hand-written agent on OpenAI's client: a loop, a tool, and three lines of Runreel.
import { inference, run, tool } from "@runreel/sdk";
import type OpenAI from "openai";

const search = tool({
  name: "search",
  effect: "read",
  execute: async ({ q }: { q: string }) => ({ hits: [q.toUpperCase()] }),
});

const tools: OpenAI.ChatCompletionTool[] = [
  { type: "function", function: { name: "search", parameters: { type: "object" } } },
];

export function askAgent(client: OpenAI, question: string): Promise<string | null> {
  return run("researcher", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: "Be brief." },
      { role: "user", content: question },
    ];
    for (;;) {
      const request = { model: "gpt-test", messages, tools, max_tokens: 200, temperature: 0.5 };
      const { choices } = await inference(request, (body) => client.chat.completions.create(body), {
        provider: "openai",
      });
      const { message } = choices[0]!;
      if (message.tool_calls === undefined || message.tool_calls.length === 0) return message.content;
      messages.push(message);
      for (const call of message.tool_calls.filter((one) => one.type === "function")) {
        const found = await search(JSON.parse(call.function.arguments) as { q: string });
        messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(found) });
      }
    }
  });
}
