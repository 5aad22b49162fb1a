/** How a question is put to ClickHouse. Values go as parameters (`{name:Type}` in the SQL), never into the text. */
export interface Database {
  /**
   * The rows of a query.
   *
   * @throws CollectorError RUNREEL_STORE_UNAVAILABLE when ClickHouse does not answer.
   */
  rows<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
  /**
   * Inserts one row, however long, by `INSERT INTO … SELECT … FROM input('…')`; resolves when it is stored.
   *
   * @throws CollectorError RUNREEL_STORE_UNAVAILABLE when ClickHouse does not answer.
   */
  insert(sql: string, row: Record<string, unknown>): Promise<void>;
}
