/** A part of a message, as the GenAI conventions have it (docs/wire.md). Parts without a form of their own stay as they came. */
export type Part = { type: string } & Record<string, unknown>;

/** Content of a LangChain message as parts: a text, or blocks in the forms that providers and LangChain's own standard use. */
export function partsOf(content: unknown): Part[] {
  if (typeof content === "string") return content === "" ? [] : [text(content)];
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: unknown) =>
    typeof block === "string" ? [text(block)] : partsOfBlock(block as Block),
  );
}

type Block = Record<string, unknown> & { type?: unknown };

const text = (content: string): Part => ({ type: "text", content });

function partsOfBlock(block: Block): Part[] {
  switch (block.type) {
    case "text":
    case "output_text":
    case "input_text":
      // Google marks reasoning as a text that is a thought.
      return [{ type: block["thought"] === true ? "reasoning" : "text", content: textOf(block["text"]) }];
    case "reasoning":
    case "thinking":
    case "reasoning_content":
      return reasoningOf(block);
    case "tool_call":
    case "tool_use":
    case "function_call":
    case "tool_call_chunk":
    case "input_json_delta":
      // The message's tool_calls say the same, parsed.
      return [];
    case "image_url":
    case "image":
    case "audio":
    case "video":
    case "file":
    case "input_audio":
      return [mediaOf(block)];
    default:
      return [{ ...block, type: typeof block.type === "string" ? block.type : "unknown" }];
  }
}

/** The forms: LangChain's standard, Anthropic's thinking, OpenAI's summary, Bedrock's reasoning_content. */
function reasoningOf(block: Block): Part[] {
  const given = block["reasoning"] ?? block["thinking"] ?? block["reasoningText"] ?? block["text"];
  if (typeof given === "string") return given === "" ? [] : [reasoning(given)];
  const inner = (given as { text?: unknown } | undefined)?.text;
  if (typeof inner === "string") return [reasoning(inner)];
  return summaryOf(block["summary"]);
}

/** OpenAI's list of summary texts. */
export function summaryOf(summary: unknown): Part[] {
  if (!Array.isArray(summary)) return [];
  const texts = (summary as { text?: unknown }[]).map((one) => textOf(one.text)).filter((one) => one !== "");
  return texts.map(reasoning);
}

export const reasoning = (content: string): Part => ({ type: "reasoning", content });

function mediaOf(block: Block): Part {
  const modality = String(block.type).replace("image_url", "image").replace("input_audio", "audio");
  const link = block["image_url"];
  const url = block["url"] ?? (typeof link === "string" ? link : (link as { url?: unknown } | undefined)?.url);
  const mime = block["mimeType"] ?? block["mime_type"];
  const inline = typeof url === "string" ? /^data:([^;,]+);base64,(.*)$/s.exec(url) : null;
  if (inline !== null) return { type: "blob", modality, mime_type: inline[1], content: inline[2] };
  if (typeof url === "string")
    return { type: "uri", modality, uri: url, ...(mime === undefined ? {} : { mime_type: mime }) };
  if (typeof block["data"] === "string")
    return { type: "blob", modality, mime_type: mime ?? null, content: block["data"] };
  return { ...block, type: String(block.type) };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
