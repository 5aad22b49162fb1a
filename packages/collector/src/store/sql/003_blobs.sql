-- Content-addressed content, per project. Writing a blob twice is harmless; readers take any row of a hash.
CREATE TABLE IF NOT EXISTS blobs (
  project LowCardinality(String),
  hash FixedString(16) CODEC(NONE),
  type LowCardinality(String),
  day Date CODEC(ZSTD(1)),
  data String CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY day
ORDER BY (project, hash)
TTL day + INTERVAL {contentRetentionDays} DAY
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, index_granularity = 256, min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
