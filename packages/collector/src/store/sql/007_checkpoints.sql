-- Checkpoints: where a run can be resumed; the state itself is a content tree.
CREATE TABLE IF NOT EXISTS checkpoints (
  batch LowCardinality(String),
  project LowCardinality(String),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  parent_id FixedString(8) CODEC(ZSTD(1)),
  at DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  checkpoint_id String CODEC(ZSTD(1)),
  parent_checkpoint_id String CODEC(ZSTD(1)),
  namespace LowCardinality(String),
  label LowCardinality(String),
  framework LowCardinality(String),
  conversation_id String CODEC(ZSTD(1)),
  state FixedString(16) CODEC(NONE)
) ENGINE = ReplacingMergeTree
PARTITION BY toDate(at)
ORDER BY (project, trace_id, span_id)
TTL toDate(at) + INTERVAL {spanRetentionDays} DAY
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
