// The agents of LangChain before its first version.
import { AgentExecutor, createToolCallingAgent } from "@langchain/classic/agents";
import { ChatPromptTemplate } from "@langchain/core/prompts";

import { createOpenAiServer } from "../../openai-server.ts";
import { config, look, loose } from "../props.ts";
import { callbacksOnly, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";
import { looks, openAi } from "./open-ai.ts";

export const agentExecutor: readonly Scenario[] = [
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
];
