import { Document } from "@langchain/core/documents";
import { BaseMessage } from "@langchain/core/messages";
import type { RecordingCodec } from "@runreel/sdk/adapter";

import { wholeAnswer } from "./answer-rest.ts";
import { messageFields, messageFrom } from "./message-fields.ts";
import type { MessageFields } from "./message-fields.ts";

/** LangGraph's own objects, told by their brand, since a process can hold more than one copy of their class. */
interface Branded {
  lg_name?: "Command" | "Send";
  lc_serializable?: boolean;
  lc_id?: string[];
  toJSON?: () => unknown;
}

interface LangGraph {
  Command: new (fields: object) => object;
  Send: new (node: string, args: unknown) => object;
}

/** Loaded beside the program, which imports it anyway where there are commands; plain objects with the brand do until then. */
let langgraph: LangGraph | undefined;
void import("@langchain/langgraph").then(
  (module) => (langgraph = module as unknown as LangGraph),
  () => undefined,
);

/** Turns LangChain's and LangGraph's objects into plain values and back: messages, commands, sends, documents. */
export const langchainCodec: RecordingCodec = {
  name: "langchain",
  matches: (value) => {
    const { lg_name, lc_serializable } = value as Branded;
    return lg_name === "Command" || lg_name === "Send" || lc_serializable === true || BaseMessage.isInstance(value);
  },
  encode: (value) => {
    if (BaseMessage.isInstance(value)) return messageFields(value);
    const branded = value as Branded & Record<string, unknown>;
    if (branded.lg_name === "Send") return { lg: "Send", node: branded["node"], args: branded["args"] };
    if (branded.lg_name === "Command") return commandFields(branded);
    if (value instanceof Document) return documentFields(value);
    // The host's own way to write itself, which leaves secrets out.
    return { lc: branded.lc_id?.at(-1) ?? "object", json: branded.toJSON?.() };
  },
  decode: (value) => {
    const fields = value as Record<string, unknown>;
    if (fields["lg"] === "Send") return send(fields);
    if (fields["lg"] === "Command") return command(fields);
    if (fields["lc"] === "Document") return new Document(fields as unknown as { pageContent: string });
    if (typeof fields["lc"] === "string") return fields["json"];
    return messageFrom(fields as MessageFields);
  },
  whole: wholeAnswer,
};

function documentFields({ pageContent, metadata, id }: Document): Record<string, unknown> {
  return { lc: "Document", pageContent, metadata, id };
}

function commandFields({ graph, update, resume, goto }: Record<string, unknown>): Record<string, unknown> {
  return { lg: "Command", graph, update, resume, goto };
}

function send({ node, args }: Record<string, unknown>): object {
  if (langgraph !== undefined) return new langgraph.Send(String(node), args);
  return { lg_name: "Send", node, args };
}

function command({ graph, update, resume, goto }: Record<string, unknown>): object {
  const fields = { graph, update, resume, goto: goto ?? [] };
  if (langgraph !== undefined) return new langgraph.Command(fields);
  return { lg_name: "Command", lc_direct_tool_output: true, ...fields };
}
