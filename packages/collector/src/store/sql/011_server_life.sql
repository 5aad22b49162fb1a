-- One row, in memory only: it is gone when the server restarts, and a new one says that an insert of before may not be what it seems (docs/adr/005).
CREATE TABLE IF NOT EXISTS server_life (
  id UUID,
  born_at DateTime64(3, 'UTC')
) ENGINE = Memory
