import { createHash } from "node:crypto";

/** A message as the chat-completions protocol has it; only what the script reads. */
export interface ChatMessage {
  role: string;
  content?: string | { type: string; text?: string }[] | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface Answer {
  reasoning: string;
  content: string;
  toolCalls: { id: string; name: string; arguments: string }[];
}

type Draft = { reasoning: string; content?: string; calls?: { name: string; arguments: unknown }[] };

/**
 * The scripted model: reads the conversation it was sent and answers as a hurried model would. The same conversation gets the same answer.
 *
 * Its one mistake is the demonstration's: it takes the price tag's "kr" for a currency code, although four countries write "kr".
 */
export function answer(messages: readonly ChatMessage[]): Answer {
  const draft = draftFor(messages);
  const seed = createHash("sha256").update(JSON.stringify(messages)).digest("hex");
  return {
    reasoning: draft.reasoning,
    content: draft.content ?? "",
    toolCalls: (draft.calls ?? []).map((call, index) => ({
      id: `call_${seed.slice(index * 8, index * 8 + 16)}`,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    })),
  };
}

function draftFor(messages: readonly ChatMessage[]): Draft {
  const results = toolResults(messages);
  const recipient =
    /[\w.]+@[\w.]+\w/.exec(textOf(messages.find(({ role }) => role === "user")))?.[0] ?? "me@example.com";
  if (results.has("send_mail"))
    return { reasoning: "Everything is done.", content: `The report is on its way to ${recipient}.` };
  const report = results.get("write_report");
  if (report !== undefined) return mail(recipient, report);
  const conversion = results.get("convert_currency");
  if (conversion !== undefined) return reportOf(conversion, results.get("search_web") ?? "");
  const page = results.get("read_page");
  if (page !== undefined) return conversionOf(page);
  const found = results.get("search_web");
  if (found !== undefined) return reading(found);
  return {
    reasoning:
      "I need three facts: the price, the dates and the place. Two searches can run side by side, one for tickets and one for the venue.",
    calls: [
      { name: "search_web", arguments: { query: "Nordic Compiler Days 2027 tickets price" } },
      { name: "search_web", arguments: { query: "Nordic Compiler Days 2027 venue dates Bergen" } },
    ],
  };
}

function reading(found: string): Draft {
  const url = /https:[^"]+\/tickets/.exec(found)?.[0] ?? "https://nordic-compiler-days.example/2027/tickets";
  return {
    reasoning:
      "The venue page already says when and where. The price will be on the organiser's ticket page, so I read that one.",
    calls: [{ name: "read_page", arguments: { url } }],
  };
}

function conversionOf(page: string): Draft {
  const [, currency = "kr", digits = "0"] = /(\w+) ([\d ]+\d)\. Regular/.exec(page) ?? [];
  return {
    reasoning: `Early bird is ${currency} ${digits}. The report wants euro, so I convert from ${currency} to EUR.`,
    calls: [
      {
        name: "convert_currency",
        arguments: { amount: Number(digits.replaceAll(" ", "")), from: currency, to: "EUR" },
      },
    ],
  };
}

function reportOf(conversion: string, found: string): Draft {
  const { amount, from, converted } = JSON.parse(conversion) as { amount: number; from: string; converted: number };
  const price = `Early bird ticket until 15 January: ${converted.toFixed(2)} EUR (${amount} ${from})`;
  const place = /take place on ([^,]+), Norway/.exec(found)?.[1] ?? "20 and 21 May 2027 in Bergen";
  return {
    reasoning: "I have price, dates and place. Three lines are enough for a travel request.",
    calls: [
      {
        name: "write_report",
        arguments: {
          title: "Nordic Compiler Days 2027",
          findings: [price, `When and where: ${place}`, "Both days, lunch and the boat trip are included"],
        },
      },
    ],
  };
}

function mail(to: string, report: string): Draft {
  return {
    reasoning: "The report reads well. I send it to the address I was given.",
    calls: [
      { name: "send_mail", arguments: { to, subject: "Nordic Compiler Days 2027: what it costs", body: report } },
    ],
  };
}

/** The results of each tool in the conversation, joined where one was called more than once. */
function toolResults(messages: readonly ChatMessage[]): Map<string, string> {
  const names = new Map(
    messages.flatMap(({ tool_calls }) => (tool_calls ?? []).map(({ id, function: { name } }) => [id, name])),
  );
  const results = new Map<string, string>();
  for (const message of messages) {
    const name = message.role === "tool" && names.get(message.tool_call_id ?? "");
    if (name) results.set(name, `${results.get(name) ?? ""}${textOf(message)}`);
  }
  return results;
}

export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? "";
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}
