import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";

import { History, LOOKED_AT_MAX, NEWEST_COUNT } from "./history.ts";
import { toGenAiMessage } from "./message.ts";

const said = (text: string): BaseMessage =>
  text.length % 2 === 0 ? new HumanMessage(text) : new AIMessage({ content: text });

const conversation = (length: number): BaseMessage[] => Array.from({ length }, (_, at) => said(`message ${at}`));

const LONG = 4 * LOOKED_AT_MAX;

test("a conversation that grows, is shortened and is edited reads as its messages do one by one", () => {
  const history = new History();
  const messages = conversation(LONG);
  const expectSame = (given: readonly BaseMessage[]): void => {
    expect(history.read(given)).toEqual(given.map(toGenAiMessage));
  };
  for (const length of [3, LOOKED_AT_MAX, LOOKED_AT_MAX + 1, LONG - 2, LONG]) expectSame(messages.slice(0, length));
  expectSame(messages.slice(LONG / 2));
  expectSame([said("a summary"), ...messages.slice(-LOOKED_AT_MAX)]);
  expectSame(messages.toSpliced(LONG / 2, 1, said("another")));
  expectSame(messages.toReversed());
});

test("gives the same object for the same message, so that it is written once", () => {
  const history = new History();
  const messages = conversation(LONG);
  const first = history.read(messages);
  expect(history.read([...messages, said("more")]).slice(0, LONG)).toEqual(first);
  expect(history.read(messages).every((message, at) => message === first[at])).toBe(true);
});

test("sees at once what is changed in place among the newest, and a little later what is changed far back", () => {
  const history = new History();
  const messages = conversation(LONG);
  history.read(messages);
  messages[LONG - NEWEST_COUNT]!.content = "changed among the newest";
  expect(history.read(messages)).toEqual(messages.map(toGenAiMessage));

  messages[1]!.content = "changed far back";
  const questions = Math.ceil(LONG / (LOOKED_AT_MAX - NEWEST_COUNT));
  for (let asked = 0; asked < questions; asked += 1) history.read(messages);
  expect(history.read(messages)[1]).toEqual(toGenAiMessage(messages[1]!));
});

test("looks at no more messages the longer a conversation is", () => {
  let looks = 0;
  const watched = conversation(20 * LOOKED_AT_MAX).map((message) => {
    const { content } = message;
    Object.defineProperty(message, "content", {
      get() {
        looks += 1;
        return content;
      },
    });
    return message;
  });
  const history = new History();
  history.read(watched);
  const looksOf = (length: number): number => {
    history.read(watched.slice(0, length));
    looks = 0;
    history.read(watched.slice(0, length));
    return looks;
  };
  expect(looksOf(10 * LOOKED_AT_MAX)).toBe(looksOf(LOOKED_AT_MAX));
  expect(looksOf(20 * LOOKED_AT_MAX)).toBe(looksOf(LOOKED_AT_MAX));
});
