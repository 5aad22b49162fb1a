-- Usage by minute, one row per block and set of keys: sums over all recorded spans, whatever is kept of them. Keyed by batch like `runs`.
CREATE TABLE IF NOT EXISTS usage_1m (
  batch LowCardinality(String),
  project LowCardinality(String),
  minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
  agent LowCardinality(String),
  agent_version LowCardinality(String),
  kind LowCardinality(String),
  provider LowCardinality(String),
  model LowCardinality(String),
  tool LowCardinality(String),
  status LowCardinality(String),
  spans UInt64 CODEC(ZSTD(1)),
  runs UInt64 CODEC(ZSTD(1)),
  inferences UInt64 CODEC(ZSTD(1)),
  inferences_without_usage UInt64 CODEC(ZSTD(1)),
  inferences_unpriced UInt64 CODEC(ZSTD(1)),
  tool_calls UInt64 CODEC(ZSTD(1)),
  errors UInt64 CODEC(ZSTD(1)),
  duration_ns UInt64 CODEC(ZSTD(1)),
  input_tokens UInt64 CODEC(ZSTD(1)),
  cache_read_tokens UInt64 CODEC(ZSTD(1)),
  cache_write_tokens UInt64 CODEC(ZSTD(1)),
  output_tokens UInt64 CODEC(ZSTD(1)),
  reasoning_tokens UInt64 CODEC(ZSTD(1)),
  cost_usd Decimal(38, 12) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (project, minute, agent, agent_version, kind, provider, model, tool, status, batch)
SETTINGS min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
