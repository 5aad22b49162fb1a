// An agent whose conversation grows by a step for each message that its parent sends. Answers with what each step was.
import { flush, run, shutdown, start, status } from "@runreel/sdk";
import { recorder } from "@runreel/sdk/adapter";
import type { RecordedSpan } from "@runreel/sdk/adapter";

start({ startRecords: false, spool: false, diagnostics: () => {} });

interface Message {
  role: string;
  parts: { type: string; content: string }[];
}

const system = [{ type: "text", content: "You answer questions. ".repeat(200) }];
const messages: Message[] = [];
const message = (role: string, content: string): Message => ({ role, parts: [{ type: "text", content }] });
let steps = 0;

function ask(parent: RecordedSpan | undefined): object {
  messages.push(message("user", `question ${steps}: ${"why? ".repeat(300)}`));
  const span = recorder().beginInference({ model: "m", messages: [...messages], system, parent });
  const step = { runId: span.traceId, spanId: span.spanId, count: messages.length };
  const answer = message("assistant", `answer ${steps}: ${"because. ".repeat(300)}`);
  messages.push(answer);
  span.end({ output: answer, usage: { inputTokens: 1, outputTokens: 1 } });
  steps += 1;
  return { ...step, answer: answer.parts[0]!.content };
}

await run(
  "long talk",
  () =>
    new Promise<void>((resolve) => {
      const parent = recorder().active();
      process.on("message", (wanted: number) => {
        if (wanted === 0) return resolve();
        const taken = Array.from({ length: wanted }, () => ask(parent));
        void flush().then(() => process.send!({ steps: taken, status: status() }));
        return undefined;
      });
      process.send!("ready");
    }),
);
await shutdown();
process.disconnect();
