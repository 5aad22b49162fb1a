// The packages for agents that hand over to one another.
import { MemorySaver } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createHandoffTool, createSwarm } from "@langchain/langgraph-swarm";

import { allSpans } from "../arrived.ts";
import type { ArrivedSpan } from "../arrived.ts";
import { agentOf, call, config, go, look, looker, loose, says } from "../props.ts";
import { agentWays, callbacksOnly, scenario } from "../scenario.ts";
import type { Scenario } from "../scenario.ts";

export const packages: readonly Scenario[] = [
  scenario("Supervisor (@langchain/langgraph-supervisor)", callbacksOnly, {
    program: (ours) => {
      const scout = createReactAgent(loose({ llm: looker("saw both"), tools: [look], name: "scout" }));
      return createSupervisor(
        loose({
          agents: [scout],
          llm: says({ tools: [call("transfer_to_scout")] }, "unused", "unused", "all done", "all done", "all done"),
        }),
      )
        .compile()
        .invoke(go(), config(ours.callbacks));
    },
    arrives: [
      'run LangGraph → "all done"',
      '  agent supervisor → {"goto":["scout"],"update":{"messages":[{"parts":[{"content":"go","type":"text"}],"role":"…',
      "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_scout({})",
      '    tool transfer_to_scout({}) → {"goto":["scout"],"said":"Successfully transferred to scout"}',
      '  agent scout → "saw both"',
      '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "saw both"',
      '  agent supervisor → "all done"',
      '    chat scripted-1 [103, read 40, out 20, reasoning 5] → "all done"',
    ],
  }),
  scenario("Swarm (@langchain/langgraph-swarm)", callbacksOnly, {
    program: async (ours) => {
      const agent = (name: string, other: string, model: unknown) =>
        createReactAgent(
          loose({ llm: model, name, tools: [createHandoffTool({ agentName: other, description: "Hands over" })] }),
        );
      const swarm = createSwarm(
        loose({
          agents: [
            agent("anna", "ben", says({ tools: [call("transfer_to_ben")] })),
            agent("ben", "anna", says("unused", "I am Ben", "still Ben")),
          ],
          defaultActiveAgent: "anna",
        }),
      ).compile({ checkpointer: ours.saver(new MemorySaver()) });
      const first: unknown = await swarm.invoke(go(), config(ours.callbacks, "swarm"));
      return [
        first,
        await swarm.invoke({ messages: [{ role: "user", content: "who?" }] }, config(ours.callbacks, "swarm")),
      ];
    },
    arrives: [
      'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
      "  checkpoint input/-1",
      "  checkpoint loop/0",
      '  agent anna → {"goto":["ben"],"update":{"activeAgent":"ben","messages":[{"parts":[{"content":"go","type"…',
      "    checkpoint input/-1 in anna",
      "    checkpoint loop/0 in anna",
      "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_ben({})",
      "    checkpoint loop/1 in anna",
      '    tool transfer_to_ben({}) → {"goto":["ben"],"said":"Successfully transferred to ben"}',
      "  checkpoint loop/1",
      '  agent ben → "I am Ben"',
      "    checkpoint input/-1 in ben",
      "    checkpoint loop/0 in ben",
      '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "I am Ben"',
      "    checkpoint loop/1 in ben",
      "  checkpoint loop/2",
      'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
      "  checkpoint input/3",
      "  checkpoint loop/4",
      '  agent ben → "still Ben"',
      "    checkpoint input/-1 in ben",
      "    checkpoint loop/0 in ben",
      '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "still Ben"',
      "    checkpoint loop/1 in ben",
      "  checkpoint loop/5",
    ],
    check: ({ expect, roots }) => {
      const inside = allSpans(roots).filter(({ attributes }) => attributes["runreel.checkpoint.namespace"]);
      const agentOf = (span: ArrivedSpan): unknown =>
        allSpans(roots).find((one) => one.children.includes(span))?.attributes["gen_ai.agent.name"];
      const namespaces = inside.map(
        ({ attributes }) => String(attributes["runreel.checkpoint.namespace"]).split(":")[0],
      );
      expect(namespaces).toEqual(inside.map(agentOf));
    },
  }),
  scenario("Supervisor over agents of createAgent", agentWays, {
    note: "The supervisor is an agent of LangGraph's own, which takes no middleware.",
    program: (ours) => {
      const scout = agentOf(ours, { model: looker("saw both"), name: "scout" });
      return createSupervisor(
        loose({
          agents: [scout.graph],
          llm: says({ tools: [call("transfer_to_scout")] }, "unused", "unused", "all done", "all done", "all done"),
        }),
      )
        .compile()
        .invoke(go(), config(ours.callbacks));
    },
    arrives: {
      middleware: [
        'run LangGraph → "saw both"',
        '  agent scout → "saw both"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "saw both"',
      ],
      callbacks: [
        'run LangGraph → "all done"',
        '  agent supervisor → {"goto":["scout"],"update":{"messages":[{"parts":[{"content":"go","type":"text"}],"role":"…',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_scout({})",
        '    tool transfer_to_scout({}) → {"goto":["scout"],"said":"Successfully transferred to scout"}',
        '  agent scout → "saw both"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "saw both"',
        '  agent supervisor → "all done"',
        '    chat scripted-1 [103, read 40, out 20, reasoning 5] → "all done"',
      ],
      both: [
        'run LangGraph → "all done"',
        '  agent supervisor → {"goto":["scout"],"update":{"messages":[{"parts":[{"content":"go","type":"text"}],"role":"…',
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_scout({})",
        '    tool transfer_to_scout({}) → {"goto":["scout"],"said":"Successfully transferred to scout"}',
        '  agent scout → "saw both"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "saw both"',
        '  agent supervisor → "all done"',
        '    chat scripted-1 [103, read 40, out 20, reasoning 5] → "all done"',
      ],
    },
  }),
  scenario("Swarm of agents of createAgent", agentWays, {
    program: async (ours) => {
      const agent = (name: string, other: string, model: unknown) =>
        agentOf(ours, { model, name, tools: [createHandoffTool({ agentName: other, description: "Hands over" })] })
          .graph;
      const swarm = createSwarm(
        loose({
          agents: [
            agent("anna", "ben", says({ tools: [call("transfer_to_ben")] })),
            agent("ben", "anna", says("unused", "I am Ben", "still Ben")),
          ],
          defaultActiveAgent: "anna",
        }),
      ).compile({ checkpointer: ours.saver(new MemorySaver()) });
      const first: unknown = await swarm.invoke(go(), config(ours.callbacks, "agents-swarm"));
      return [
        first,
        await swarm.invoke({ messages: [{ role: "user", content: "who?" }] }, config(ours.callbacks, "agents-swarm")),
      ];
    },
    arrives: {
      middleware: [
        'run LangGraph → "I am Ben"',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  agent anna → {"goto":["ben"],"said":"Successfully transferred to ben"}',
        "    checkpoint input/-1 in anna",
        "    checkpoint loop/0 in anna",
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_ben({})",
        "    checkpoint loop/1 in anna",
        '    tool transfer_to_ben({}) → {"goto":["ben"],"said":"Successfully transferred to ben"}',
        "  checkpoint loop/1",
        "  checkpoint input/-1 in ben",
        "  checkpoint loop/0 in ben",
        '  agent ben → "I am Ben"',
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "I am Ben"',
        "  checkpoint loop/1 in ben",
        "  checkpoint loop/2",
        'run LangGraph → "still Ben"',
        "  checkpoint input/3",
        "  checkpoint loop/4",
        '  agent ben → "still Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "still Ben"',
        "  checkpoint loop/1 in ben",
        "  checkpoint loop/5",
      ],
      callbacks: [
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  agent anna → {"goto":["ben"],"update":{"activeAgent":"ben","messages":[{"parts":[{"content":"go","type"…',
        "    checkpoint input/-1 in anna",
        "    checkpoint loop/0 in anna",
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_ben({})",
        "    checkpoint loop/1 in anna",
        '    tool transfer_to_ben({}) → {"goto":["ben"],"said":"Successfully transferred to ben"}',
        "  checkpoint loop/1",
        '  agent ben → "I am Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "I am Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/2",
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/3",
        "  checkpoint loop/4",
        '  agent ben → "still Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "still Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/5",
      ],
      both: [
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/-1",
        "  checkpoint loop/0",
        '  agent anna → {"goto":["ben"],"update":{"activeAgent":"ben","messages":[{"parts":[{"content":"go","type"…',
        "    checkpoint input/-1 in anna",
        "    checkpoint loop/0 in anna",
        "    chat scripted-1 [100, read 40, out 20, reasoning 5] → transfer_to_ben({})",
        "    checkpoint loop/1 in anna",
        '    tool transfer_to_ben({}) → {"goto":["ben"],"said":"Successfully transferred to ben"}',
        "  checkpoint loop/1",
        '  agent ben → "I am Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [101, read 40, out 20, reasoning 5] → "I am Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/2",
        'run LangGraph → {"activeAgent":"ben","messages":[{"parts":[{"content":"go","type":"text"}],"role":"user"},…',
        "  checkpoint input/3",
        "  checkpoint loop/4",
        '  agent ben → "still Ben"',
        "    checkpoint input/-1 in ben",
        "    checkpoint loop/0 in ben",
        '    chat scripted-1 [102, read 40, out 20, reasoning 5] → "still Ben"',
        "    checkpoint loop/1 in ben",
        "  checkpoint loop/5",
      ],
    },
  }),
];
