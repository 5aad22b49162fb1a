-- The position of the journal, kept with what it wrote: a block is in the store when its row is here.
CREATE TABLE IF NOT EXISTS blocks (
  journal LowCardinality(String),
  partition UInt32,
  first UInt64,
  last UInt64,
  batch String,
  spans UInt64,
  stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
) ENGINE = ReplacingMergeTree
ORDER BY (journal, partition, first)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
