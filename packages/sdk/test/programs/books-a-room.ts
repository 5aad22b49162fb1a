// Asks for a price, pays, and says what really ran.
import { now, randomUUID, run, start, tool } from "@runreel/sdk";

start();
const ran: string[] = [];
const quote = tool({
  name: "quote",
  effect: "read",
  execute: ({ nights }: { nights: number }) => {
    ran.push("quote");
    return { total: nights * Number(process.argv[2]), until: new Date(86_400_000) };
  },
});
const pay = tool({
  name: "pay",
  effect: "non_idempotent",
  execute: ({ total }: { total: number }) => {
    ran.push("pay");
    return `paid ${total}`;
  },
});
try {
  const result = await run("booking", async () => {
    const [at, id] = [await now(), await randomUUID()];
    const { total, until } = await quote({ nights: 3 });
    return { at, id, until: until.toISOString(), receipt: await pay({ total }) };
  });
  console.log(JSON.stringify({ result, ran }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error & { code?: string }).code, ran }));
}
