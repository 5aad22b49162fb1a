-- Every decision on an effect: who, when, what was asked and what was answered. Kept for ever.
CREATE TABLE IF NOT EXISTS confirmations (
  project LowCardinality(String),
  replay_id String,
  question_id String,
  step UInt32,
  name LowCardinality(String),
  effect LowCardinality(String),
  arguments String,
  decision LowCardinality(String),
  decided_by String,
  asked_at DateTime64(3, 'UTC'),
  decided_at DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree
ORDER BY (project, replay_id, question_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
