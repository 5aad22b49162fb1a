import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { tool } from "langchain";
import { z } from "zod";

import { euroRates, readPage, searchPages } from "./small-web.ts";

/** Where the example keeps its outbox, its report and its own count of tool calls. */
const folder = process.env["EXAMPLE_DATA"] ?? ".runreel/example";
mkdirSync(folder, { recursive: true });

/** The tools' own record of what really ran. Runreel knows nothing of it, which is what makes it a witness. */
const note = (name: string): void => appendFileSync(join(folder, "tool-calls.log"), `${name}\n`);

const searchWeb = tool(
  ({ query }) => {
    note("search_web");
    return JSON.stringify(searchPages(query));
  },
  {
    name: "search_web",
    description: "Searches the web. Returns up to three pages as JSON: url, title, snippet.",
    schema: z.object({ query: z.string() }),
    metadata: { effect: "read" },
  },
);

const readWebPage = tool(
  ({ url }) => {
    note("read_page");
    const page = readPage(url);
    return `# ${page.title}\n\n${page.text}`;
  },
  {
    name: "read_page",
    description: "Reads one web page and returns its text.",
    schema: z.object({ url: z.string() }),
    metadata: { effect: "read" },
  },
);

const convertCurrency = tool(
  ({ amount, from, to }) => {
    note("convert_currency");
    const converted = (amount * rateOf(from)) / rateOf(to);
    return JSON.stringify({ amount, from, to, converted: Number(converted.toFixed(2)) });
  },
  {
    name: "convert_currency",
    description: "Converts an amount of money at the day's rate. Currencies are ISO 4217 codes.",
    schema: z.object({ amount: z.number(), from: z.string(), to: z.string() }),
    metadata: { effect: "none" },
  },
);

function rateOf(currency: string): number {
  const rate = euroRates.get(currency);
  if (rate === undefined) {
    throw new RangeError(
      `No exchange rate for "${currency}": expected an ISO 4217 code, one of ${[...euroRates.keys()].join(", ")}`,
    );
  }
  return rate;
}

const writeReport = tool(
  ({ title, findings }) => {
    note("write_report");
    const report = `${title}\n\n${findings.map((finding) => `- ${finding}`).join("\n")}\n`;
    writeFileSync(join(folder, "report.md"), report);
    return report;
  },
  {
    name: "write_report",
    description: "Writes the report as a file and returns its text. Writing it again replaces it.",
    schema: z.object({ title: z.string(), findings: z.array(z.string()) }),
    metadata: { effect: "idempotent" },
  },
);

const sendMail = tool(
  ({ to, subject, body }) => {
    note("send_mail");
    appendFileSync(join(folder, "outbox.jsonl"), `${JSON.stringify({ to, subject, body })}\n`);
    return `Sent to ${to}.`;
  },
  {
    name: "send_mail",
    description: "Sends a mail. It cannot be taken back.",
    schema: z.object({ to: z.string(), subject: z.string(), body: z.string() }),
    // A replay never runs this without asking.
    metadata: { effect: "non_idempotent" },
  },
);

/** What the agent can do. `metadata.effect` says what running a tool does to the world; a replay acts on it. */
export const tools = [searchWeb, readWebPage, convertCurrency, writeReport, sendMail];
