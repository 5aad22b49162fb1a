import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";

import { offeredTools } from "./offered-tools.ts";

const named = (name: string) => tool(() => "", { name, description: name, schema: z.object({ x: z.number() }) });
const [search, read, send] = [named("search"), named("read"), named("send")];
const names = (tools: readonly unknown[]) => (offeredTools(tools) as { name: string }[]).map(({ name }) => name);

test("the same tools are the same list, others are not", () => {
  expect(offeredTools([search, read])).toBe(offeredTools([search, read]));
  expect(names([search, read])).toEqual(["search", "read"]);
  expect(names([search])).toEqual(["search"]);
  expect(names([search, send])).toEqual(["search", "send"]);
  expect(names([search, read])).toEqual(["search", "read"]);
  expect(offeredTools()).toEqual([]);
});
