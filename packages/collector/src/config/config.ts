/** Everything that can be set on a collector; `configSchema` has the defaults and the reasons. */
export interface CollectorConfig {
  listen: ListenAddress;
  /** Journal and embedded database. */
  dataDir: string;
  apiKeys: ApiKey[];
  projects: string[];
  clickhouse: ClickHouseConfig;
  limits: LimitsConfig;
  block: BlockConfig;
  journal: JournalConfig;
  retention: RetentionConfig;
  embedded: EmbeddedConfig;
  query: QueryConfig;
  replay: ReplayConfig;
  runs: RunsConfig;
  content: ContentConfig;
  logLevel: LogLevel;
}

export interface ListenAddress {
  host: string;
  /** 0 takes any free port. */
  port: number;
}

export interface ApiKey {
  key: string;
  /** The project that requests with this key write to and read from. */
  project: string;
}

export interface ClickHouseConfig {
  /** Null: the embedded server. */
  url: string | null;
  user: string;
  password: string;
  database: string;
}

export interface LimitsConfig {
  requestMaxBytes: number;
  inflatedMaxBytes: number;
  concurrentRequestsMax: number;
  inProgressMaxBytes: number;
}

export interface BlockConfig {
  maxAgeMs: number;
  maxSpans: number;
  maxBytes: number;
}

export interface JournalConfig {
  maxBytes: number;
}

export interface RetentionConfig {
  contentDays: number;
  spanDays: number;
}

export interface EmbeddedConfig {
  memoryMaxBytes: number;
}

export interface QueryConfig {
  maxSeconds: number;
  maxRows: number;
  maxBytes: number;
  maxMemoryBytes: number;
  valueMaxBytes: number;
}

export interface ReplayConfig {
  openQuestionsMax: number;
}

export interface RunsConfig {
  silentAfterMs: number;
}

export interface ContentConfig {
  checkIntervalMs: number;
}

export type LogLevel = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
