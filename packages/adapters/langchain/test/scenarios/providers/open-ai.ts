// OpenAI's client against a server that speaks its API.
import { HumanMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { providerStrategy } from "langchain";
import { z } from "zod";

import { createOpenAiServer } from "../../openai-server.ts";
import type { OpenAiAnswer } from "../../openai-server.ts";
import { createResponsesServer } from "../../responses-server.ts";
import { createScriptedServer } from "../../scripted-server.ts";
import { chunksOf, orError } from "../observe.ts";
import { agentOf, config, go, look, loose } from "../props.ts";
import { agentWays, callbacksOnly, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const openAi = (baseURL: string, fields: object = {}): ChatOpenAI =>
  new ChatOpenAI({
    model: "gpt-test",
    apiKey: "none",
    temperature: 0.2,
    maxRetries: 0,
    configuration: { baseURL },
    ...fields,
  });

export const looks: OpenAiAnswer[] = [
  { reasoning: "I should look", text: "Looking.", tools: [{ id: "call_a", name: "look", arguments: '{"at":"a"}' }] },
  { text: "It is a." },
];

const picture = "iVBORw0KGgo=";

export const openAiClient: readonly Scenario[] = [
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
];
