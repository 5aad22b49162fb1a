// An agent on OpenAI's client, written by hand: a loop and a tool. It is recorded by `start`, `run`, `tool` and `inference`.
import { inference, run, start, tool } from "@runreel/sdk";
import OpenAI from "openai";

const weather = tool({
  name: "weather",
  effect: "read",
  execute: async ({ city }: { city: string }) => ({ city, celsius: city === "Bergen" ? 9 : 18, sky: "rain" }),
});

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: "function",
    function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } },
  },
];

export function whatToWear(client: OpenAI, question: string): Promise<string | null> {
  return run("what-to-wear", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: "system", content: "Say in one sentence what to wear." },
      { role: "user", content: question },
    ];
    for (;;) {
      const request = { model: "gpt-5-mini", messages, tools, max_completion_tokens: 200 };
      const { choices } = await inference(request, (body) => client.chat.completions.create(body), {
        provider: "openai",
      });
      const { message } = choices[0]!;
      if (message.tool_calls === undefined || message.tool_calls.length === 0) return message.content;
      messages.push(message);
      for (const call of message.tool_calls.filter((one) => one.type === "function")) {
        const report = await weather(JSON.parse(call.function.arguments) as { city: string });
        messages.push({ role: "tool", tool_call_id: call.id, content: JSON.stringify(report) });
      }
    }
  });
}

if (import.meta.main) {
  start({ serviceName: "openai-agent" });
  const client = new OpenAI({
    baseURL: process.env["OPENAI_BASE_URL"] ?? "http://127.0.0.1:4010/v1",
    apiKey: process.env["OPENAI_API_KEY"] ?? "none-needed",
  });
  console.log(await whatToWear(client, process.argv[2] ?? "What do I wear in Bergen today?"));
}
