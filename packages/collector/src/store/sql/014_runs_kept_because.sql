-- Why a run is here although runs are sampled; '' where all are kept (docs/adr/015).
ALTER TABLE runs ADD COLUMN IF NOT EXISTS kept_because LowCardinality(String)
