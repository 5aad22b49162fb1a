-- Content that came inside spans (emitters other than our SDK), as it came. Small granules: reading one span touches little.
CREATE TABLE IF NOT EXISTS payloads (
  batch LowCardinality(String),
  project LowCardinality(String),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  start DateTime64(9, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  input String CODEC(ZSTD(1)),
  output String CODEC(ZSTD(1)),
  system String CODEC(ZSTD(1)),
  tools String CODEC(ZSTD(1)),
  INDEX by_batch batch TYPE set(64) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toDate(start)
ORDER BY (project, toStartOfTenMinutes(start), trace_id, start)
TTL toDate(start) + INTERVAL {contentRetentionDays} DAY
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, index_granularity = 256, min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
