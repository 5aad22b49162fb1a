// An agent on Anthropic's client, written by hand: a loop, a tool, answers streamed. It is recorded by `start`, `run`, `tool` and `inference`.
import Anthropic from "@anthropic-ai/sdk";
import { inference, run, start, tool } from "@runreel/sdk";

const weather = tool({
  name: "weather",
  effect: "read",
  execute: async ({ city }: { city: string }) => ({ city, celsius: city === "Bergen" ? 9 : 18, sky: "rain" }),
});

const tools: Anthropic.Tool[] = [
  { name: "weather", input_schema: { type: "object", properties: { city: { type: "string" } } } },
];

export function whatToWear(client: Anthropic, question: string, print: (text: string) => void): Promise<void> {
  return run("what-to-wear", async () => {
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: question }];
    const system = "Say in one sentence what to wear.";
    for (;;) {
      const request = { model: "claude-sonnet-4-5", max_tokens: 200, system, messages, tools };
      const answer = await inference(request, (body) => client.messages.stream(body).on("text", print).finalMessage(), {
        provider: "anthropic",
      });
      if (answer.stop_reason !== "tool_use") return;
      messages.push({ role: "assistant", content: answer.content });
      for (const block of answer.content.filter((one) => one.type === "tool_use")) {
        const report = JSON.stringify(await weather(block.input as { city: string }));
        messages.push({ role: "user", content: [{ type: "tool_result", tool_use_id: block.id, content: report }] });
      }
    }
  });
}

if (import.meta.main) {
  start({ serviceName: "anthropic-agent" });
  const client = new Anthropic({
    baseURL: process.env["ANTHROPIC_BASE_URL"] ?? "http://127.0.0.1:4010",
    apiKey: process.env["ANTHROPIC_API_KEY"] ?? "none-needed",
  });
  await whatToWear(client, process.argv[2] ?? "What do I wear in Bergen today?", (text) => process.stdout.write(text));
  console.log();
}
