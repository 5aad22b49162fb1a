import { untraced } from "../host-context.ts";
import { readAsks } from "./asks.ts";
import type { Asks } from "./asks.ts";
import { Compressor } from "./compressor.ts";
import type { CompressionChoice } from "./compressor.ts";
import { readPartialSuccess } from "./partial-success.ts";
import { createPost } from "./post.ts";
import type { Answer } from "./post.ts";

/** What became of a request. */
export type SendOutcome =
  | {
      kind: "delivered";
      /** How many spans of it the endpoint would not take, and why. */
      rejected: { spanCount: number; error: string } | undefined;
      /** Names the store that has it now; undefined where the endpoint does not say. */
      store?: string | undefined;
      /** What the endpoint asks of this process. */
      asks?: Asks | undefined;
    }
  /** Worth another try: nobody there, too slow, overloaded, a fault of the server's. */
  | { kind: "failed"; isReachable: boolean; error: string; retryAfterMs?: number | undefined }
  /** The endpoint will never take it. */
  | { kind: "rejected"; reason: string; error: string };

export interface SenderOptions {
  /** Base address; spans go to `/v1/traces` below it. */
  endpoint: string;
  headers: Record<string, string>;
  timeoutMs: number;
  compression: CompressionChoice;
  /** Names this process to the endpoint, which can then ask it for something. */
  processId?: string;
}

/** Sends the body of an OTLP request. Never rejects. */
export type Send = (body: Uint8Array) => Promise<SendOutcome>;

const PROTOBUF = "application/x-protobuf";

/** The endpoint does not know the encoding, or the type. OpenTelemetry's Collector answers 400 then, and says what it is about. */
const UNSUPPORTED = 415;
const BAD_REQUEST = 400;

/** Answers that ask to come again; OTLP names these and no others. */
const RETRYABLE = new Set([408, 429, 502, 503, 504]);

/** Sends requests by OTLP/HTTP. */
export function createSender({ endpoint, headers, timeoutMs, compression, processId }: SenderOptions): Send {
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/v1/traces`);
  const post = createPost(url, timeoutMs);
  const compressor = new Compressor(compression);
  const plain: Record<string, string> = { ...headers, "content-type": PROTOBUF };
  if (processId !== undefined) plain["runreel-process"] = processId;
  const send: Send = async (body) => {
    try {
      const packed = await compressor.pack(body);
      const encoding = packed.compression;
      const sent = encoding === "none" ? plain : { ...plain, "content-encoding": encoding };
      // The request is our own business: instrumentation of the host's must make no span of it.
      const answer = await untraced(() => post(packed.body, sent));
      if (isOfEncoding(answer) && compressor.refused(encoding)) return await send(body);
      compressor.told(answer.acceptEncoding);
      const outcome = outcomeOf(answer, url);
      // Said once: the endpoint tells again what it does not know to be heard.
      if (outcome.kind === "delivered") delete plain["runreel-heard"];
      if (outcome.kind === "delivered" && outcome.asks !== undefined) plain["runreel-heard"] = outcome.asks.token;
      return outcome;
    } catch (error) {
      return { kind: "failed", isReachable: false, error: reasonOf(error as NodeJS.ErrnoException, url) };
    }
  };
  return send;
}

function isOfEncoding({ status, body }: Answer): boolean {
  if (status !== BAD_REQUEST) return status === UNSUPPORTED;
  return /content-encoding/i.test(Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1"));
}

function outcomeOf(answer: Answer, { host, href }: URL): SendOutcome {
  const { status, contentType, retryAfterMs, body, store } = answer;
  if (status >= 200 && status < 300) {
    if (contentType.startsWith("text/html")) {
      return { kind: "failed", isReachable: true, error: `${href} answered with a web page; is it an OTLP endpoint?` };
    }
    if (!contentType.startsWith(PROTOBUF)) return { kind: "delivered", rejected: undefined, store };
    return { kind: "delivered", rejected: readPartialSuccess(body), store, asks: readAsks(body) };
  }
  const error = `${host} answered ${status}`;
  if (status >= 500 || RETRYABLE.has(status)) return { kind: "failed", isReachable: true, error, retryAfterMs };
  return { kind: "rejected", reason: `rejected_${status}`, error };
}

/** What a connection error means to the person who reads it. */
function reasonOf(
  { code, message, errors }: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] },
  { host }: URL,
): string {
  switch (code ?? errors?.[0]?.code) {
    case "ECONNREFUSED":
      return `nobody listens at ${host}`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${host} is no known host`;
    case "ECONNRESET":
    case "EPIPE":
      return `${host} closed the connection`;
    default:
      return `${host}: ${message === "" ? (code ?? "unknown error") : message}`;
  }
}
