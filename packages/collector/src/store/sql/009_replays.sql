-- Replays that were begun, with what the person changed.
CREATE TABLE IF NOT EXISTS replays (
  project LowCardinality(String),
  replay_id String,
  origin_run_id FixedString(16),
  from_step UInt32,
  mode LowCardinality(String),
  on_divergence LowCardinality(String),
  edits String,
  command String,
  begun_by String,
  begun_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree
ORDER BY (project, replay_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
