import { z } from "zod";
import type { ApiKey, CollectorConfig, ListenAddress } from "./config.ts";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** `host:port`, `:port`, `[::1]:port` or a bare port. */
const listen = z
  .string()
  .or(z.number().transform(String))
  .transform((text, context): ListenAddress => {
    const parts = /^(?:(\[[0-9a-fA-F:.]+\]|[^:]*):)?(\d{1,5})$/.exec(text);
    const port = Number(parts?.[2]);
    if (!parts || port > 65_535) {
      context.addIssue({ code: "custom", message: "host:port, with a port from 0 to 65535" });
      return z.NEVER;
    }
    const host = (parts[1] ?? "").replace(/^\[|\]$/g, "");
    return { host: host === "" ? "127.0.0.1" : host, port };
  });

const projectName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, "a name of a-z, 0-9, - and _, at most 63 long");
const secret = z.string().min(16, "a key of at least 16 characters");
const apiKey = z
  .union([secret, z.strictObject({ key: secret, project: projectName.default("default") })], {
    error: "a key of at least 16 characters, or {key, project}",
  })
  .transform((entry): ApiKey => (typeof entry === "string" ? { key: entry, project: "default" } : entry));

const bytes = (minimum: number, normal: number) => z.int().min(minimum).default(normal);
const count = (minimum: number, maximum: number, normal: number) => z.int().min(minimum).max(maximum).default(normal);

const clickhouse = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: "an http:// or https:// address, such as http://localhost:8123" })
    .nullable()
    .default(null)
    .describe(
      "A ClickHouse server or cluster, by its HTTP address. Without it the collector starts a server of its own.",
    ),
  user: z.string().min(1).default("default").describe("The user to log in as."),
  password: z.string().default("").describe("The user's password."),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and _")
    .default("runreel")
    .describe("The database that holds the tables; it is created."),
});

const limits = z.strictObject({
  requestMaxBytes: bytes(1024, 16 * MIB).describe("The largest body of a request, in bytes as sent."),
  inflatedMaxBytes: bytes(1024, 64 * MIB).describe(
    "The largest body of a request, in bytes once decompressed. Keeps a small request from filling the memory.",
  ),
  concurrentRequestsMax: count(1, 10_000, 256).describe(
    "Requests with spans that may be in progress at once; more are told to come again.",
  ),
  inProgressMaxBytes: bytes(1024, 256 * MIB).describe(
    "Bytes of requests with spans, as sent, that may be in memory at once; more are told to come again.",
  ),
});

const block = z.strictObject({
  maxAgeMs: count(10, 60_000, 500).describe(
    "How long spans wait for company before they are written to ClickHouse, in milliseconds. Larger blocks cost less, smaller ages show sooner.",
  ),
  maxSpans: count(1, 1_000_000, 20_000).describe("Spans after which a block is written at once."),
  maxBytes: bytes(64 * 1024, 64 * MIB).describe("Bytes after which a block is written at once."),
});

const journal = z.strictObject({
  maxBytes: bytes(MIB, 2 * GIB).describe(
    "Room for what is acknowledged and not yet in ClickHouse, in bytes on disk. When it is used up, senders are told to come again.",
  ),
});

const retention = z.strictObject({
  contentDays: count(1, 3650, 3).describe("Days that messages, arguments, results and states are kept."),
  spanDays: count(1, 3650, 30).describe("Days that spans, runs and checkpoints are kept. Usage is kept for ever."),
});

const embedded = z.strictObject({
  memoryMaxBytes: bytes(256 * MIB, GIB).describe("The most memory the embedded ClickHouse may take, in bytes."),
});

const query = z.strictObject({
  maxSeconds: count(1, 3600, 30).describe("The longest a query may run, in seconds."),
  maxRows: count(1, 1_000_000, 10_000).describe("The most rows that POST /api/sql gives."),
  maxBytes: bytes(1024, 32 * MIB).describe("The most bytes that POST /api/sql gives."),
  maxMemoryBytes: bytes(16 * MIB, 512 * MIB).describe("The most memory ClickHouse may take for one query, in bytes."),
  valueMaxBytes: bytes(256, 64 * 1024).describe(
    "The largest argument or result in the answer about a run, in bytes of JSON; a larger one is cut and marked. The whole is in the answer about the span.",
  ),
});

const replay = z.strictObject({
  openQuestionsMax: count(1, 10_000, 100).describe("The most questions of one replay that may wait for a person."),
});

const runs = z.strictObject({
  silentAfterMs: count(1000, 86_400_000, 60_000).describe(
    "After how long without a word an open run is called silent, in milliseconds.",
  ),
});

const content = z.strictObject({
  checkIntervalMs: count(50, 3_600_000, 5_000).describe(
    "How often the collector looks whether the content is there that new spans name, in milliseconds. What is missing it asks of the processes.",
  ),
});

/**
 * The one schema of the configuration: defaults, limits and reasons. `docs/configuration.md` is generated from it.
 */
export const configSchema: z.ZodType<CollectorConfig> = z.strictObject({
  listen: listen
    .default({ host: "127.0.0.1", port: 4318 })
    .describe(
      "Where the collector listens, as `host:port`. Any address but loopback needs an API key. Port 0 takes a free one.",
    ),
  dataDir: z.string().min(1).default("./.runreel").describe("The folder of the journal and of the embedded database."),
  apiKeys: z
    .array(apiKey)
    .default([])
    .describe(
      "Keys that a request must carry, each a text or `{key, project}`. With none, no key is asked for, on loopback only.",
    ),
  projects: z
    .array(projectName)
    .min(1)
    .default(["default"])
    .describe("The projects that keep their data apart. Requests without a key belong to the first."),
  clickhouse: clickhouse.prefault({}),
  limits: limits.prefault({}),
  block: block.prefault({}),
  journal: journal.prefault({}),
  retention: retention.prefault({}),
  embedded: embedded.prefault({}),
  query: query.prefault({}),
  replay: replay.prefault({}),
  runs: runs.prefault({}),
  content: content.prefault({}),
  logLevel: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"])
    .default("info")
    .describe("What the log says, one line of JSON each. No content and no keys, at any level."),
});
