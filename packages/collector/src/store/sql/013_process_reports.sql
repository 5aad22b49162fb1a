-- What processes say of themselves: of each the newest report, and a receipt for each request of it that came from disk (`receipt` is its sequence, and
-- `delivered` what the request held; 0 marks the report). The sequence decides, whatever came last.
CREATE TABLE IF NOT EXISTS process_reports (
  project LowCardinality(String),
  instance_id String CODEC(ZSTD(1)),
  receipt UInt64 CODEC(ZSTD(1)),
  sequence UInt64 CODEC(ZSTD(1)),
  heard_at DateTime64(3, 'UTC') CODEC(ZSTD(1)),
  started DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  at DateTime64(9, 'UTC') CODEC(ZSTD(1)),
  service LowCardinality(String),
  sdk_version LowCardinality(String),
  host LowCardinality(String),
  pid UInt32 CODEC(ZSTD(1)),
  has_ended UInt8 CODEC(ZSTD(1)),
  open_runs UInt32 CODEC(ZSTD(1)),
  interval_ms UInt32 CODEC(ZSTD(1)),
  redelivered UInt64 CODEC(ZSTD(1)),
  spans_recorded UInt64 CODEC(ZSTD(1)),
  spans_delivered UInt64 CODEC(ZSTD(1)),
  spans_spooled UInt64 CODEC(ZSTD(1)),
  spans_buffered UInt64 CODEC(ZSTD(1)),
  spans_from_disk UInt64 CODEC(ZSTD(1)),
  spans_dropped Map(LowCardinality(String), UInt64) CODEC(ZSTD(1)),
  content_recorded UInt64 CODEC(ZSTD(1)),
  content_delivered UInt64 CODEC(ZSTD(1)),
  content_spooled UInt64 CODEC(ZSTD(1)),
  content_buffered UInt64 CODEC(ZSTD(1)),
  content_from_disk UInt64 CODEC(ZSTD(1)),
  content_dropped Map(LowCardinality(String), UInt64) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(started)
ORDER BY (project, instance_id, receipt)
TTL toDate(heard_at) + INTERVAL {spanRetentionDays} DAY
SETTINGS min_bytes_for_wide_part = 67108864, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
