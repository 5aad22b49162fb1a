// A research-and-mail agent: finds out what a conference costs, converts it to euro, mails a report.
// The lines that end in `// runreel` are all that recording and replaying it takes.
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { recordingSaver, runreelMiddleware } from "@runreel/langchain"; // runreel
import { start } from "@runreel/sdk"; // runreel
import { AIMessage, AIMessageChunk, type BaseMessage, createAgent, createMiddleware } from "langchain";

import { tools } from "./tools.ts";

start({ serviceName: "ticket-scout" }); // runreel

// createAgent tells the model of a tool's exception and goes on. A mail must not rest on what a model makes of a failure,
// so in this agent a tool that throws ends the run: with a wrapToolCall of one's own the exception is no longer caught.
const endRunOnToolError = createMiddleware({
  name: "EndRunOnToolError",
  wrapToolCall: (request, handler) => handler(request),
});

const agent = createAgent({
  name: "ticket-scout",
  model: new ChatOpenAI({
    model: "gpt-5-mini",
    maxRetries: 1,
    apiKey: process.env["OPENAI_API_KEY"] ?? "none-needed",
    configuration: { baseURL: process.env["OPENAI_BASE_URL"] ?? "http://127.0.0.1:4010/v1" },
  }),
  tools,
  systemPrompt:
    "You plan conference trips. Look things up rather than guess. Give prices in euro. Write a report, mail it, then say in one sentence what you did.",
  checkpointer: recordingSaver(new MemorySaver()), // runreel
  middleware: [
    endRunOnToolError,
    runreelMiddleware(), // runreel
  ],
});

const task =
  process.argv[2] ??
  "What does a ticket for Nordic Compiler Days 2027 cost, and when and where is it? Mail a short report to travel@example.com.";

try {
  const stream = await agent.stream(
    { messages: [{ role: "user", content: task }] },
    // The thread id is the conversation's; "messages" streams the model's tokens as they come.
    { streamMode: ["messages", "updates"], configurable: { thread_id: "trip-2027" } },
  );
  for await (const [mode, part] of stream) {
    if (mode === "messages") tellText(part[0]);
    else for (const update of Object.values(part)) tellToolCalls(update);
  }
  console.log();
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  console.error(`The agent failed: ${String(cause)}`);
  process.exitCode = 1;
}

function tellText(message: BaseMessage): void {
  if (AIMessageChunk.isInstance(message)) process.stdout.write(message.text);
}

function tellToolCalls(update: { messages?: BaseMessage[] }): void {
  for (const message of update.messages ?? []) {
    if (!AIMessage.isInstance(message)) continue;
    for (const { name, args } of message.tool_calls ?? []) console.log(`· ${name} ${JSON.stringify(args)}`);
  }
}
