// An agent of Vercel's AI SDK: a tool and a streamed answer. The lines that end in `// runreel` are all that recording it takes.
import { createOpenAI } from "@ai-sdk/openai";
import { OpenTelemetry } from "@ai-sdk/otel"; // runreel
import { run, start } from "@runreel/sdk"; // runreel
import { runreelTracer } from "@runreel/sdk/opentelemetry"; // runreel
import { isStepCount, registerTelemetry, streamText, tool } from "ai";
import { z } from "zod";

registerTelemetry(new OpenTelemetry({ tracer: runreelTracer(), usage: true })); // runreel

const weather = tool({
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => ({ city, celsius: city === "Bergen" ? 9 : 18, sky: "rain" }),
});

async function answer(question: string): Promise<void> {
  const openai = createOpenAI({
    baseURL: process.env["OPENAI_BASE_URL"] ?? "http://127.0.0.1:4010/v1",
    apiKey: process.env["OPENAI_API_KEY"] ?? "none-needed",
  });
  const { textStream } = streamText({
    model: openai.chat("gpt-5-mini"),
    instructions: "Say in one sentence what to wear.",
    prompt: question,
    tools: { weather },
    stopWhen: isStepCount(5),
    telemetry: { functionId: "what-to-wear" },
  });
  for await (const text of textStream) process.stdout.write(text);
  console.log();
}

start({ serviceName: "ai-sdk-agent" }); // runreel
await run("what-to-wear", () => answer(process.argv[2] ?? "What do I wear in Bergen today?")); // runreel
