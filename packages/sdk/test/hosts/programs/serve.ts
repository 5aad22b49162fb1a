// What a service does, traced by its own tool: it answers a request by an agent, and runs two agents outside any request.
import { inference, run, start, tool } from "@runreel/sdk";

/** Runs `fn` in a span of the host's. */
export type InSpan = <T>(name: string, fn: () => Promise<T>) => Promise<T>;

type Provider = NonNullable<Parameters<typeof start>[0]>["provider"];

/** How the program is told to go, by its environment. */
export const mode = { folder: process.env["RUNREEL_TEST_HOSTS"]!, isJoined: process.env["JOINED"] === "1" };

export async function serve(inSpan: InSpan, provider: Provider): Promise<void> {
  start(mode.isJoined ? { provider } : {});
  const query = tool({
    name: "query",
    effect: "read",
    execute: (id: number) =>
      inSpan(`db ${id}`, async () => {
        await inSpan(`socket ${id}`, async () => {});
        return id;
      }),
  });
  const answer = { choices: [{ message: { role: "assistant", content: "a private word" } }] };
  await inSpan("request", async () => {
    await run("agent", async () => {
      await inference({ model: "m", messages: [] }, () => inSpan("POST", async () => answer));
      await Promise.all([1, 2].map(query));
    });
    await inSpan("render", async () => {});
  });
  await run("alone", () => query(3));
  await run("fails", async () => {
    throw new Error("it went wrong");
  }).catch(() => {});
}

/** A span as the host sends it. */
export interface SentSpan {
  name: string;
  spanId: string;
  parentSpanId: string | undefined;
  isFailed: boolean;
  told: string;
}
