-- Whose run it is: the process of its root, or of any span of it while the root is not known. With `process_reports` it tells that a run is lost.
ALTER TABLE runs ADD COLUMN IF NOT EXISTS process_id LowCardinality(String) AFTER service
