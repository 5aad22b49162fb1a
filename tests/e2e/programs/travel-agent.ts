// A program for tests: an agent that asks another one, in a process of its own, over HTTP. HOTEL_AGENT is where that one listens.
import { flush, inference, run, start, tool, traceContext } from "@runreel/sdk";

start({ serviceName: "travel-agent" });

const model = async (text: string) => ({
  model: "example-model",
  choices: [{ message: { role: "assistant", content: text }, finish_reason: "stop" }],
  usage: { prompt_tokens: 100, completion_tokens: 10 },
});

const askHotelAgent = tool({
  name: "ask_hotel_agent",
  effect: "read",
  execute: async ({ city }: { city: string }) => {
    const response = await fetch(process.env["HOTEL_AGENT"]!, {
      method: "POST",
      body: JSON.stringify({ city }),
      headers: traceContext(),
    });
    if (!response.ok) throw new Error(`The hotel agent answered ${response.status}`);
    return (await response.json()) as { hotel: string; there: unknown };
  },
});

const request = { provider: "openai", model: "example-model", messages: [{ role: "user", content: "A trip to Bern" }] };
const parent = process.env["PARENT"];
const joined = parent === undefined ? {} : { traceparent: parent, tracestate: process.env["STATE"] };
const result = await run(
  "trip",
  async () => {
    await inference(request, () => model("First the hotel."));
    const { hotel, there } = await askHotelAgent({ city: "Bern" });
    const answer = await inference(request, () => model(`You sleep at the ${hotel}.`));
    return { plan: answer.choices[0]!.message.content, there };
  },
  joined,
);
console.log(JSON.stringify({ ...result, outside: traceContext() }));
await flush();
