import { textOf, toolResults } from "./conversation.ts";
import type { ChatMessage, Draft } from "./conversation.ts";

/**
 * The scripted model of the langchain-agent: reads the conversation it was sent and answers as a hurried model would.
 *
 * Its one mistake is the demonstration's: it takes the price tag's "kr" for a currency code, although four countries write "kr".
 */
export function ticketScout(messages: readonly ChatMessage[]): Draft {
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
