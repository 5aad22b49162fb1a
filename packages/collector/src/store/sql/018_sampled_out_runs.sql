-- Runs that are sampled out and go on for a while, as their processes name them: whom to ask for one of them (docs/adr/016).
CREATE TABLE IF NOT EXISTS sampled_out_runs (
  project LowCardinality(String),
  run_id FixedString(16) CODEC(NONE),
  process_id LowCardinality(String),
  has_ended UInt8 CODEC(ZSTD(1)),
  heard_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
) ENGINE = ReplacingMergeTree
PARTITION BY toDate(heard_at)
ORDER BY (project, run_id, process_id, has_ended)
TTL toDate(heard_at) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, materialize_ttl_recalculate_only = 1, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
