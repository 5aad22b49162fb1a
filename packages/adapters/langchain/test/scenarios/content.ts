// What messages hold, in the forms of providers and of LangChain's own standard.
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import type { BaseMessage } from "@langchain/core/messages";

import { allSpans } from "./arrived.ts";
import { config, loose, says } from "./props.ts";
import { callbacksOnly } from "./scenario.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";

const data = "iVBORw0KGgo=";

const answersIn = (messages: readonly BaseMessage[]): number =>
  messages.filter((one) => AIMessage.isInstance(one)).length;

/** A conversation as a model is asked it, and the parts that have to arrive of its last message. */
const asked = (title: string, messages: BaseMessage[], arrived: unknown[]): Scenario => ({
  title,
  note: `The part: \`${JSON.stringify(arrived[0])}\``,
  ways: callbacksOnly,
  program: (ours) => says(...messages.map(() => "ok"), "ok").invoke(messages, config(ours.callbacks)),
  arrives: [
    'run scripted-1 → "ok"',
    `  chat scripted-1 [${100 + answersIn(messages)}, read 40, out 20, reasoning 5] → "ok"`,
  ],
  check: ({ expect, roots }) => {
    const chat = allSpans(roots).find(({ name }) => name.startsWith("chat"));
    const given = (chat?.input as { parts: unknown[] }[] | undefined)?.at(-1);
    expect(given?.parts).toEqual(arrived);
  },
});

const reasons = (title: string, fields: object): Scenario =>
  asked(
    `Reasoning: ${title}`,
    [new HumanMessage("why?"), new AIMessage(loose(fields))],
    [
      { type: "reasoning", content: "because" },
      { type: "text", content: "So." },
    ],
  );

const text = { type: "text", text: "So." };
const shown = (title: string, block: object, part: object): Scenario =>
  asked(`Media: ${title}`, [new HumanMessage(loose({ content: [block] }))], [part]);

export const content: ScenarioGroup = {
  title: "What messages hold",
  scenarios: [
    reasons("LangChain's standard block", {
      content: [{ type: "reasoning", reasoning: "because" }, text],
      response_metadata: { output_version: "v1" },
    }),
    reasons("Anthropic's thinking block", {
      content: [{ type: "thinking", thinking: "because", signature: "s" }, text],
    }),
    reasons("Bedrock's reasoning_content block", {
      content: [{ type: "reasoning_content", reasoningText: { text: "because", signature: "s" } }, text],
    }),
    reasons("DeepSeek's reasoning_content beside the answer", {
      content: "So.",
      additional_kwargs: { reasoning_content: "because" },
    }),
    reasons("OpenAI's summary beside the answer", {
      content: "So.",
      additional_kwargs: {
        reasoning: { id: "r", type: "reasoning", summary: [{ type: "summary_text", text: "because" }] },
      },
    }),
    reasons("OpenAI's summary as a block", {
      content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "because" }] }, text],
    }),
    reasons("OpenRouter's reasoning beside the answer", {
      content: "So.",
      additional_kwargs: { reasoning: "because" },
    }),
    reasons("Google's thought", { content: [{ type: "text", text: "because", thought: true }, text] }),
    shown(
      "a picture by address (OpenAI)",
      { type: "image_url", image_url: { url: "https://example.com/dot.png" } },
      { type: "uri", modality: "image", uri: "https://example.com/dot.png" },
    ),
    shown(
      "a picture in the message (OpenAI)",
      { type: "image_url", image_url: `data:image/png;base64,${data}` },
      { type: "blob", modality: "image", mime_type: "image/png", content: data },
    ),
    shown(
      "a file (OpenAI)",
      { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${data}` } },
      { type: "blob", modality: "file", name: "a.pdf", mime_type: "application/pdf", content: data },
    ),
    shown(
      "sound (OpenAI)",
      { type: "input_audio", input_audio: { data, format: "wav" } },
      { type: "blob", modality: "audio", mime_type: "audio/wav", content: data },
    ),
    shown(
      "a picture (Anthropic)",
      { type: "image", source: { type: "base64", media_type: "image/png", data } },
      { type: "blob", modality: "image", mime_type: "image/png", content: data },
    ),
    shown(
      "a document by address (Anthropic)",
      { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } },
      { type: "uri", modality: "file", uri: "https://example.com/a.pdf" },
    ),
    shown(
      "a picture (LangChain's standard)",
      { type: "image", mimeType: "image/png", data },
      { type: "blob", modality: "image", mime_type: "image/png", content: data },
    ),
    shown(
      "a picture (LangChain's standard before v1)",
      { type: "image", source_type: "base64", mime_type: "image/png", data },
      { type: "blob", modality: "image", mime_type: "image/png", content: data },
    ),
    shown(
      "a picture (Google)",
      { type: "media", mimeType: "image/png", data },
      { type: "blob", modality: "file", mime_type: "image/png", content: data },
    ),
    asked(
      "Tool calls that did not parse",
      [
        new HumanMessage("go"),
        new AIMessage(
          loose({
            content: "",
            invalid_tool_calls: [
              { type: "invalid_tool_call", id: "c", name: "look", args: "{oops", error: "bad JSON" },
            ],
          }),
        ),
      ],
      [{ type: "tool_call", id: "c", name: "look", arguments: "{oops" }],
    ),
    asked(
      "A tool result of several parts",
      [
        new HumanMessage("go"),
        new AIMessage({ content: "", tool_calls: [{ id: "c", name: "look", args: {} }] }),
        new ToolMessage(
          loose({
            tool_call_id: "c",
            content: [
              { type: "text", text: "a dot" },
              { type: "image_url", image_url: { url: "https://example.com/dot.png" } },
            ],
          }),
        ),
      ],
      [
        {
          type: "tool_call_response",
          id: "c",
          response: [
            { type: "text", content: "a dot" },
            { type: "uri", modality: "image", uri: "https://example.com/dot.png" },
          ],
        },
      ],
    ),
    asked(
      "A system message in the middle",
      [new HumanMessage("go"), new SystemMessage("Be brief.")],
      [{ type: "text", content: "Be brief." }],
    ),
  ],
};
