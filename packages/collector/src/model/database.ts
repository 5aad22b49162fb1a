/** How a question is put to ClickHouse. Values go as parameters (`{name:Type}` in the SQL), never into the text. */
export interface Database {
  /**
   * The rows of a query.
   *
   * @throws CollectorError RUNREEL_STORE_UNAVAILABLE when ClickHouse does not answer.
   */
  rows<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]>;
  /** Runs a statement that gives no rows, an INSERT … SELECT of parameters for one; resolves when it is durable. */
  run(sql: string, parameters?: Record<string, unknown>): Promise<void>;
}
