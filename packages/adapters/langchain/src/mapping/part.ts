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
    case "document":
    case "input_audio":
    case "input_image":
    case "input_file":
    case "media":
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

const modalities: Readonly<Record<string, string>> = {
  image_url: "image",
  input_image: "image",
  input_audio: "audio",
  input_file: "file",
  document: "file",
  media: "file",
};

/** Media in the forms of LangChain's standard, OpenAI (`image_url`, `file`, `input_audio`), Anthropic (`source`) and Google (`media`). */
function mediaOf(block: Block): Part {
  const type = String(block.type);
  const modality = modalities[type] ?? type;
  const inner = [block, block["source"], block["file"], block["input_audio"]].filter(
    (one): one is Block => typeof one === "object" && one !== null,
  );
  const first = (...names: string[]): string | undefined =>
    inner.flatMap((one) => names.map((name) => one[name])).find((value) => typeof value === "string");
  const link = block["image_url"];
  const url = typeof link === "object" ? (link as { url?: unknown } | null)?.url : link;
  const address = typeof url === "string" ? url : first("url", "file_url", "file_data", "fileUri");
  const format = first("format");
  const mime =
    first("mimeType", "mime_type", "media_type") ?? (format === undefined ? undefined : `${modality}/${format}`);
  const name = first("filename", "title");
  const told = { modality, ...(name === undefined ? {} : { name }) };
  const inline = address === undefined ? null : /^data:([^;,]+);base64,(.*)$/s.exec(address);
  if (inline !== null) return { type: "blob", ...told, mime_type: inline[1], content: inline[2] };
  if (address !== undefined)
    return { type: "uri", ...told, uri: address, ...(mime === undefined ? {} : { mime_type: mime }) };
  const data = first("data");
  if (data !== undefined) return { type: "blob", ...told, mime_type: mime ?? null, content: data };
  const id = first("file_id", "fileId");
  return id === undefined ? { ...block, type } : { type: "file", ...told, file_id: id };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
