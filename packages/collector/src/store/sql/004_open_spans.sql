-- Start records: spans that were open when they were last heard of. A reader leaves out those that `spans` has.
CREATE TABLE IF NOT EXISTS open_spans (
  project LowCardinality(String),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  parent_id FixedString(8) CODEC(ZSTD(1)),
  start DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  heard_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  kind LowCardinality(String),
  step_kind LowCardinality(String),
  name LowCardinality(String),
  step_name LowCardinality(String),
  service LowCardinality(String),
  process_id LowCardinality(String),
  framework LowCardinality(String),
  agent LowCardinality(String),
  agent_version LowCardinality(String),
  conversation_id String CODEC(ZSTD(1)),
  model LowCardinality(String),
  tool LowCardinality(String),
  tool_call_id String CODEC(ZSTD(1)),
  effect LowCardinality(String),
  content_input FixedString(16) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(heard_at)
PARTITION BY toDate(start)
ORDER BY (project, trace_id, span_id)
TTL toDate(start) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
