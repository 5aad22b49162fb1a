// The real clients of providers against servers that speak their APIs.
import { AgentExecutor, createToolCallingAgent } from "@langchain/classic/agents";
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatOpenAI } from "@langchain/openai";
import { providerStrategy } from "langchain";
import { z } from "zod";

import { createAnthropicServer } from "../anthropic-server.ts";
import type { AnthropicBlock } from "../anthropic-server.ts";
import { createOpenAiServer } from "../openai-server.ts";
import type { OpenAiAnswer } from "../openai-server.ts";
import { createResponsesServer } from "../responses-server.ts";
import { createScriptedServer } from "../scripted-server.ts";
import { chunksOf, orError } from "./observe.ts";
import { agentOf, config, go, look, loose } from "./props.ts";
import { agentWays, callbacksOnly } from "./scenario.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";

const scenario = (title: string, ways: Scenario["ways"], rest: Omit<Scenario, "title" | "ways">): Scenario => ({
  title,
  ways,
  ...rest,
});

const openAi = (baseURL: string, fields: object = {}): ChatOpenAI =>
  new ChatOpenAI({
    model: "gpt-test",
    apiKey: "none",
    temperature: 0.2,
    maxRetries: 0,
    configuration: { baseURL },
    ...fields,
  });
const anthropic = (anthropicApiUrl: string, fields: object = {}): ChatAnthropic =>
  new ChatAnthropic({
    model: "claude-test",
    apiKey: "none",
    maxTokens: 500,
    maxRetries: 0,
    anthropicApiUrl,
    ...fields,
  });

const looks: OpenAiAnswer[] = [
  { reasoning: "I should look", text: "Looking.", tools: [{ id: "call_a", name: "look", arguments: '{"at":"a"}' }] },
  { text: "It is a." },
];
const thinks: AnthropicBlock[][] = [
  [
    { type: "thinking", thinking: "I should look", signature: "sig" },
    { type: "text", text: "Looking." },
    { type: "tool_use", id: "toolu_a", name: "look", input: { at: "a" } },
  ],
  [{ type: "text", text: "It is a." }],
];

const picture = "iVBORw0KGgo=";

export const providers: ScenarioGroup = {
  title: "Providers",
  scenarios: [
    scenario("OpenAI, chat completions", agentWays, {
      program: async (ours) => {
        await using server = await createOpenAiServer(looks);
        return [
          await agentOf(ours, { model: openAi(server.baseURL), systemPrompt: "Be brief." }).invoke(
            go(),
            config(ours.callbacks),
          ),
          server.requests,
        ];
      },
      arrives: [
        'run scout → "It is a."',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → (I should look) "Looking." look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "It is a."',
      ],
      check: ({ expect, roots }) => {
        const [chat] = roots[0]!.children;
        expect(chat?.tools).toMatchObject([
          {
            type: "function",
            name: "look",
            description: "Looks",
            parameters: { properties: { at: { type: "string" } } },
          },
        ]);
        expect(chat?.attributes).toMatchObject({
          "gen_ai.provider.name": "openai",
          "gen_ai.request.temperature": 0.2,
          "gen_ai.response.model": "gpt-test-2026-01-01",
          "gen_ai.response.id": "chatcmpl-1",
          "gen_ai.response.finish_reasons": ["tool_calls"],
        });
      },
    }),
    scenario("OpenAI, chat completions, streamed", agentWays, {
      program: async (ours) => {
        await using server = await createOpenAiServer(looks);
        return [
          await chunksOf(
            agentOf(ours, { model: openAi(server.baseURL) }).stream(go(), {
              ...config(ours.callbacks),
              streamMode: "messages",
            }),
          ),
          server.requests,
        ];
      },
      arrives: [
        'run scout → "It is a."',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → (I should look) "Looking." look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "It is a."',
      ],
      check: ({ expect, roots, way }) => {
        const [chat] = roots[0]!.children;
        expect(chat?.attributes["gen_ai.response.id"]).toBe("chatcmpl-1");
        // Of a streamed answer the host tells these to callbacks only.
        expect(typeof chat?.attributes["gen_ai.response.time_to_first_chunk"]).toBe(
          way === "callbacks" ? "number" : "undefined",
        );
        const told = ["gen_ai.response.model", "gen_ai.response.finish_reasons"].map((key) => chat?.attributes[key]);
        expect(told).toEqual(way === "callbacks" ? ["gpt-test-2026-01-01", ["tool_calls"]] : [undefined, undefined]);
      },
    }),
    scenario("OpenAI, responses API with reasoning", agentWays, {
      program: async (ours) => {
        await using server = await createResponsesServer();
        return [
          await agentOf(ours, { model: openAi(server.url, { useResponsesApi: true, temperature: undefined }) }).invoke(
            go(),
            config(ours.callbacks),
          ),
          server.requests,
        ];
      },
      arrives: [
        'run scout → "It is a."',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → (I should look) look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "It is a."',
      ],
    }),
    scenario("OpenAI, structured output (providerStrategy)", agentWays, {
      program: async (ours) => {
        await using server = await createOpenAiServer([{ text: '{"city":"Bern"}' }]);
        return [
          await agentOf(ours, {
            model: openAi(server.baseURL),
            responseFormat: providerStrategy(z.object({ city: z.string() })),
          }).invoke(go(), config(ours.callbacks)),
          server.requests,
        ];
      },
      arrives: [
        'run scout → {"city":"Bern"}',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "{\\"city\\":\\"Bern\\"}"',
      ],
    }),
    scenario("OpenAI, withStructuredOutput", callbacksOnly, {
      program: async (ours) => {
        await using server = await createOpenAiServer([{ text: '{"city":"Bern"}' }]);
        return await openAi(server.baseURL)
          .withStructuredOutput(z.object({ city: z.string() }), { name: "place" })
          .invoke("where?", config(ours.callbacks));
      },
      arrives: [
        'run RunnableSequence → {"city":"Bern"}',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "{\\"city\\":\\"Bern\\"}"',
      ],
    }),
    scenario("OpenAI, bindTools", callbacksOnly, {
      program: async (ours) => {
        await using server = await createOpenAiServer(looks);
        return await openAi(server.baseURL, { topP: 0.5, maxTokens: 300 })
          .bindTools([look])
          .invoke("look", config(ours.callbacks));
      },
      arrives: [
        'run gpt-test → (I should look) "Looking." look({"at":"a"})',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → (I should look) "Looking." look({"at":"a"})',
      ],
      check: ({ expect, roots }) => {
        const [chat] = roots[0]!.children;
        expect(chat?.tools).toMatchObject([
          {
            type: "function",
            name: "look",
            description: "Looks",
            parameters: { properties: { at: { type: "string" } } },
          },
        ]);
        expect(chat?.attributes).toMatchObject({
          "gen_ai.request.top_p": 0.5,
          "gen_ai.request.max_tokens": 300,
        });
      },
    }),
    scenario("OpenAI, a request that is refused", agentWays, {
      program: async (ours) => {
        await using server = await createScriptedServer(() => ({
          status: 400,
          json: { error: { message: "bad request", type: "invalid_request_error" } },
        }));
        return await orError(agentOf(ours, { model: openAi(server.url) }).invoke(go(), config(ours.callbacks)));
      },
      arrives: [
        "run scout → failed BadRequestError: 400 bad request",
        "  chat gpt-test → failed BadRequestError: 400 bad request",
      ],
    }),
    scenario("OpenAI, the client's own retry (maxRetries)", agentWays, {
      note: "The client tries again below LangChain, so it is one inference.",
      program: async (ours) => {
        const answer = {
          id: "c1",
          object: "chat.completion",
          created: 1,
          model: "gpt-test",
          choices: [{ index: 0, message: { role: "assistant", content: "at last" }, finish_reason: "stop" }],
          usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
        };
        await using server = await createScriptedServer((_, index) =>
          index === 0
            ? { status: 500, headers: { "retry-after-ms": "1" }, json: { error: { message: "busy" } } }
            : { json: answer },
        );
        return [
          await agentOf(ours, { model: openAi(server.url, { maxRetries: 2 }) }).invoke(go(), config(ours.callbacks)),
          server.requests.length,
        ];
      },
      arrives: ['run scout → "at last"', '  chat gpt-test [5, out 2] → "at last"'],
    }),
    scenario("OpenAI, pictures, files and sound in messages", agentWays, {
      program: async (ours) => {
        await using server = await createOpenAiServer([{ text: "a dot" }]);
        const content = [
          { type: "text", text: "what is it?" },
          { type: "image_url", image_url: { url: "https://example.com/dot.png" } },
          { type: "image_url", image_url: { url: `data:image/png;base64,${picture}` } },
          { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${picture}` } },
          { type: "input_audio", input_audio: { data: picture, format: "wav" } },
        ];
        return await agentOf(ours, { model: openAi(server.baseURL) }).invoke(
          { messages: [new HumanMessage(loose({ content }))] },
          config(ours.callbacks),
        );
      },
      arrives: ['run scout → "a dot"', '  chat gpt-test [120, read 100, out 30, reasoning 12] → "a dot"'],
    }),
    scenario("Anthropic, thinking and cached prompts", agentWays, {
      program: async (ours) => {
        await using server = await createAnthropicServer(thinks);
        return [
          await agentOf(ours, {
            model: anthropic(server.url, { thinking: { type: "enabled", budget_tokens: 1024 }, maxTokens: 2048 }),
            systemPrompt: "Be brief.",
          }).invoke(go(), config(ours.callbacks)),
          server.requests,
        ];
      },
      arrives: [
        'run scout → "It is a."',
        '  chat claude-test [100, read 50, written 30, out 40] → (I should look) "Looking." look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat claude-test [100, read 50, written 30, out 40] → "It is a."',
      ],
      check: ({ expect, roots }) => {
        const [chat] = roots[0]!.children;
        expect(chat?.tools).toMatchObject([
          {
            type: "function",
            name: "look",
            description: "Looks",
            parameters: { properties: { at: { type: "string" } } },
          },
        ]);
        expect(chat?.attributes).toMatchObject({
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.max_tokens": 2048,
          "gen_ai.response.model": "claude-test-2026-01-01",
          "gen_ai.response.finish_reasons": ["tool_use"],
        });
      },
    }),
    scenario("Anthropic, streamed", agentWays, {
      note: "LangChain adds the 1 token of the first event of the stream to the 40 of the last.",
      program: async (ours) => {
        await using server = await createAnthropicServer(thinks);
        return [
          await chunksOf(
            agentOf(ours, { model: anthropic(server.url) }).stream(go(), {
              ...config(ours.callbacks),
              streamMode: "messages",
            }),
          ),
          server.requests,
        ];
      },
      arrives: [
        'run scout → "It is a."',
        '  chat claude-test [100, read 50, written 30, out 41] → (I should look) "Looking." look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat claude-test [100, read 50, written 30, out 41] → "It is a."',
      ],
    }),
    scenario("Anthropic, pictures and documents in messages", agentWays, {
      program: async (ours) => {
        await using server = await createAnthropicServer([[{ type: "text", text: "a dot" }]]);
        const content = [
          { type: "image", source: { type: "base64", media_type: "image/png", data: picture } },
          { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
          { type: "text", text: "what is it?" },
        ];
        return await agentOf(ours, { model: anthropic(server.url) }).invoke(
          { messages: [new HumanMessage(loose({ content }))] },
          config(ours.callbacks),
        );
      },
      arrives: ['run scout → "a dot"', '  chat claude-test [100, read 50, written 30, out 40] → "a dot"'],
    }),
    scenario("AgentExecutor (@langchain/classic)", callbacksOnly, {
      program: async (ours) => {
        await using server = await createOpenAiServer(looks);
        const prompt = ChatPromptTemplate.fromMessages([
          ["system", "Be brief."],
          ["human", "{input}"],
          ["placeholder", "{agent_scratchpad}"],
        ]);
        const agent = createToolCallingAgent(loose({ llm: openAi(server.baseURL), tools: [look], prompt }));
        return await AgentExecutor.fromAgentAndTools(loose({ agent, tools: [look] })).invoke(
          { input: "look" },
          config(ours.callbacks),
        );
      },
      arrives: [
        'run AgentExecutor → {"input":"look","output":"It is a."}',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → (I should look) "Looking." look({"at":"a"})',
        '  tool look({"at":"a"}) → "saw a"',
        '  chat gpt-test [120, read 100, out 30, reasoning 12] → "It is a."',
      ],
    }),
  ],
};
