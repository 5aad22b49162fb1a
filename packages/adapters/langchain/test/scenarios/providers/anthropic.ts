// Anthropic's client against a server that speaks its API.
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage } from "@langchain/core/messages";

import { createAnthropicServer } from "../../anthropic-server.ts";
import type { AnthropicBlock } from "../../anthropic-server.ts";
import { chunksOf } from "../observe.ts";
import { agentOf, config, go, loose } from "../props.ts";
import { agentWays, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

const anthropic = (anthropicApiUrl: string, fields: object = {}): ChatAnthropic =>
  new ChatAnthropic({
    model: "claude-test",
    apiKey: "none",
    maxTokens: 500,
    maxRetries: 0,
    anthropicApiUrl,
    ...fields,
  });

const thinks: AnthropicBlock[][] = [
  [
    { type: "thinking", thinking: "I should look", signature: "sig" },
    { type: "text", text: "Looking." },
    { type: "tool_use", id: "toolu_a", name: "look", input: { at: "a" } },
  ],
  [{ type: "text", text: "It is a." }],
];

const picture = "iVBORw0KGgo=";

export const anthropicClient: readonly Scenario[] = [
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
];
