import { textOf, toolResults } from "./conversation.ts";
import type { ChatMessage, Draft } from "./conversation.ts";

/** The scripted model of the agents that are written by hand: looks at the weather, then says what to wear. */
export function packingAdvice(messages: readonly ChatMessage[]): Draft {
  const report = toolResults(messages).get("weather");
  if (report === undefined) {
    const question = textOf(messages.find(({ role }) => role === "user"));
    const city = / in ([A-Z]\w+)/.exec(question)?.[1] ?? "Bergen";
    return {
      reasoning: "What to wear depends on the weather, so I look.",
      calls: [{ name: "weather", arguments: { city } }],
    };
  }
  const { city, celsius, sky } = JSON.parse(report) as { city: string; celsius: number; sky: string };
  const clothes = sky === "rain" ? "a coat and an umbrella" : celsius < 15 ? "a warm coat" : "a light jacket";
  return {
    reasoning: `${celsius} degrees, ${sky}.`,
    content: `${city} has ${celsius} °C and ${sky}: take ${clothes}.`,
  };
}
