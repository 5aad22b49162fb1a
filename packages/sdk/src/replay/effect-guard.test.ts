// Only an explicit yes is a yes: every fault, delay and odd answer of the collector blocks the effect.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";

import { createEffectGuard } from "./effect-guard.ts";

const question = {
  step: 11,
  kind: "tool",
  name: "send_mail",
  arguments: { at: new Date(0) },
  effect: "unknown",
  callId: "c1",
} as const;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  body: string;
}

async function collector(answer: (seen: Seen, looks: number) => [number, unknown] | "hang") {
  const seen: Seen[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const one = { method: request.method!, url: request.url!, authorization: request.headers.authorization, body };
      seen.push(one);
      const reply = answer(one, seen.filter(({ method }) => method === "GET").length);
      if (reply === "hang") return;
      response.writeHead(reply[0], { "content-type": "application/json" }).end(JSON.stringify(reply[1]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { seen, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

const posed = (seen: Seen): boolean => seen.method === "POST";

test("a yes with a name is a yes, after as many looks as it takes", async () => {
  const { seen, endpoint } = await collector((one, looks) => {
    if (posed(one)) return [201, { questionId: "q 1" }];
    return [200, looks < 3 ? { state: "open" } : { state: "answered", decision: "yes", by: "maria" }];
  });
  const guard = createEffectGuard({ endpoint, apiKey: "secret", replayId: "rp_1" });
  expect(await guard.ask(question)).toEqual({ isAllowed: true, by: "maria" });
  expect(seen[0]).toMatchObject({ method: "POST", url: "/api/replays/rp_1/questions", authorization: "Bearer secret" });
  expect(JSON.parse(seen[0]!.body)).toEqual({ ...question, arguments: { at: "1970-01-01T00:00:00.000Z" } });
  expect(seen[1]).toMatchObject({
    method: "GET",
    url: "/api/replays/rp_1/questions/q%201?waitMs=25000",
    authorization: "Bearer secret",
  });
  expect(seen).toHaveLength(4);
});

test.each([
  ["a no", { state: "answered", decision: "no", by: "maria" }],
  ["a yes of nobody", { state: "answered", decision: "yes" }],
  ["an answer that is none", { state: "answered" }],
  ["an unknown state", { state: "perhaps" }],
  ["a list", []],
])("%s is a no", async (_, reply) => {
  const { endpoint } = await collector((one) => (posed(one) ? [201, { questionId: "q" }] : [200, reply]));
  expect(await createEffectGuard({ endpoint, replayId: "r" }).ask(question)).toMatchObject({ isAllowed: false });
});

test("a question that gets no id, or an error, is a no", async () => {
  const { endpoint } = await collector(() => [200, {}]);
  expect(await createEffectGuard({ endpoint, replayId: "r" }).ask(question)).toMatchObject({ isAllowed: false });
  const broken = await collector(() => [500, {}]);
  expect(await createEffectGuard({ endpoint: broken.endpoint, replayId: "r" }).ask(question)).toMatchObject({
    isAllowed: false,
  });
});

test("one failed look is forgiven, a collector that stays away is a no", async () => {
  const back = await collector((one, looks) => {
    if (posed(one)) return [201, { questionId: "q" }];
    return looks === 1 ? [503, {}] : [200, { state: "answered", decision: "yes", by: "m" }];
  });
  expect(await createEffectGuard({ endpoint: back.endpoint, replayId: "r" }).ask(question)).toMatchObject({
    isAllowed: true,
  });
  const gone = await collector((one) => (posed(one) ? [201, { questionId: "q" }] : [503, {}]));
  expect(await createEffectGuard({ endpoint: gone.endpoint, replayId: "r" }).ask(question)).toMatchObject({
    isAllowed: false,
  });
  expect(gone.seen).toHaveLength(4);
});

test("nobody listening, a time-out and an abort are a no", async () => {
  expect(await createEffectGuard({ endpoint: "http://127.0.0.1:1", replayId: "r" }).ask(question)).toMatchObject({
    isAllowed: false,
  });
  const { endpoint } = await collector((one) => (posed(one) ? [201, { questionId: "q" }] : "hang"));
  expect(await createEffectGuard({ endpoint, replayId: "r" }, { timeoutMs: 30 }).ask(question)).toMatchObject({
    isAllowed: false,
    reason: "nobody answered within 30 ms",
  });
  const abort = new AbortController();
  const asking = createEffectGuard({ endpoint, replayId: "r" }, { signal: abort.signal }).ask(question);
  setTimeout(() => abort.abort(), 20);
  expect(await asking).toMatchObject({ isAllowed: false, reason: "the replay was stopped" });
});
