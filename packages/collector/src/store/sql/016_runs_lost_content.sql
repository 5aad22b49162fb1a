-- Content that a program could not keep: how many spans of the run name it, and why.
ALTER TABLE runs
  ADD COLUMN IF NOT EXISTS lost_content_spans Int64 CODEC(ZSTD(1)),
  ADD COLUMN IF NOT EXISTS lost_content_reason LowCardinality(String)
