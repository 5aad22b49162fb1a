// A hand-written agent on Anthropic's client: a loop, a tool, streamed answers, and three lines of Runreel.
import type Anthropic from "@anthropic-ai/sdk";
import { inference, run, tool } from "@runreel/sdk";

const search = tool({
  name: "search",
  effect: "read",
  execute: async ({ q }: { q: string }) => ({ hits: [q.toUpperCase()] }),
});

const tools: Anthropic.Tool[] = [{ name: "search", input_schema: { type: "object" } }];

export function askAgent(client: Anthropic, question: string, print: (text: string) => void): Promise<number> {
  return run("researcher", async () => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: question }];
    for (;;) {
      const request = { model: "claude-test", max_tokens: 200, system: "Be brief.", messages, tools };
      const answer = await inference(request, (body) => client.messages.stream(body).on("text", print).finalMessage(), {
        provider: "anthropic",
      });
      if (answer.stop_reason !== "tool_use") return messages.length;
      messages.push({ role: "assistant", content: answer.content });
      for (const block of answer.content.filter((one) => one.type === "tool_use")) {
        const found = await search(block.input as { q: string });
        messages.push({
          role: "user",
          content: [{ type: "tool_result", tool_use_id: block.id, content: JSON.stringify(found) }],
        });
      }
    }
  });
}
