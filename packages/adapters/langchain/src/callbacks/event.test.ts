// What of the host's events needs a closer look.
import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";

import { conversationOf } from "./event.ts";

const asked = new HumanMessage("why?");
const text = (content: string) => ({ type: "text", content });

test("the system instructions that open a conversation stand apart, and one message gives the same parts each time", () => {
  const brief = new SystemMessage("Be brief.");
  const { system, messages } = conversationOf([brief, asked]);
  expect(system).toEqual([text("Be brief.")]);
  expect(messages).toEqual([{ role: "user", parts: [text("why?")] }]);
  expect(conversationOf([brief, asked, asked]).system).toBe(system);
});

test("of more system messages, all that open it count, and none that comes later", () => {
  const [one, two, late] = ["One.", "Two.", "Late."].map((content) => new SystemMessage(content));
  expect(conversationOf([one!, two!, asked, late!])).toEqual({
    system: [text("One."), text("Two.")],
    messages: [
      { role: "user", parts: [text("why?")] },
      { role: "system", parts: [text("Late.")] },
    ],
  });
  expect(conversationOf([one!])).toEqual({ system: [text("One.")], messages: [] });
  expect(conversationOf([asked])).toMatchObject({ system: [], messages: [{ role: "user" }] });
});
