import { expect, test } from "vitest";
import { AgentLineage } from "./agent-lineage.ts";

// A span without an agent goes to the nearest ancestor that names one.

const key = (number: number): { low: number; high: number } => ({ low: number, high: (number * 0x1000000) >>> 0 });

test("the nearest ancestor with an agent decides", () => {
  const lineage = new AgentLineage();
  lineage.add(key(3), key(2), "", "");
  lineage.add(key(2), key(1), "inner", "2");
  lineage.add(key(1), undefined, "outer", "1");
  expect(lineage.agentAbove(key(3))).toEqual({ agent: "inner", agentVersion: "2" });
  expect(lineage.agentAbove(key(1))).toEqual({ agent: "outer", agentVersion: "1" });
  expect(lineage.agentAbove(key(9))).toEqual({ agent: "", agentVersion: "" });
});

test("a circle of parents ends, many spans fit, and clear forgets", () => {
  const lineage = new AgentLineage();
  lineage.add(key(1), key(2), "", "");
  lineage.add(key(2), key(1), "", "");
  expect(lineage.agentAbove(key(1)).agent).toBe("");
  for (let number = 10; number < 5010; number++) lineage.add(key(number), undefined, `agent ${number}`, "");
  expect(lineage.agentAbove(key(10)).agent).toBe("agent 10");
  expect(lineage.agentAbove(key(5009)).agent).toBe("agent 5009");
  lineage.clear();
  expect(lineage.agentAbove(key(10)).agent).toBe("");
});
