import { createHash } from "node:crypto";
import { join } from "node:path";
import { GATE_HEADER } from "./engine-launch.ts";

/** What one query of the read-only user may use up. */
export interface QueryLimits {
  maxSeconds: number;
  maxRows: number;
  maxBytes: number;
  maxMemoryBytes: number;
}

/** A login of the embedded server, made anew at each start. */
export interface EngineUser {
  name: string;
  password: string;
}

export interface EngineSettings {
  dataDir: string;
  port: number;
  database: string;
  memoryMaxBytes: number;
  queryLimits: QueryLimits;
  writer: EngineUser;
  reader: EngineUser;
  stopper: EngineUser;
  usersFile: string;
  /** What every request has to carry in the header `GATE_HEADER`. */
  gateKey: string;
}

type XmlValue = string | number | XmlValue[] | { [name: string]: XmlValue };

const MIB = 1024 * 1024;

const escapeText = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.codePointAt(0)};`);

function toXml(value: XmlValue): string {
  if (typeof value !== "object") return escapeText(String(value));
  return Object.entries(value)
    .flatMap(([name, inner]) =>
      (Array.isArray(inner) ? inner : [inner]).map((item) => `<${name}>${toXml(item)}</${name}>`),
    )
    .join("");
}

/**
 * The server's configuration: small caches, two background threads, no system logs. An idle server writes next to nothing.
 */
export function engineConfig(settings: EngineSettings): string {
  const { dataDir, memoryMaxBytes } = settings;
  return toXml({
    clickhouse: {
      path: `${dataDir}/`,
      tmp_path: `${join(dataDir, "tmp")}/`,
      user_files_path: `${join(dataDir, "user_files")}/`,
      format_schema_path: `${join(dataDir, "format_schemas")}/`,
      users_config: settings.usersFile,
      listen_host: "127.0.0.1",
      http_port: settings.port,
      // The one door. Without this header nobody on the machine gets as far as a login, and so not to the user without a password either.
      http_handlers: {
        rule: {
          headers: { [GATE_HEADER]: settings.gateKey },
          handler: { type: "dynamic_query_handler", query_param_name: "query" },
        },
      },
      // Days are UTC days wherever the collector runs: the partition of a row must not depend on the machine's zone.
      timezone: "UTC",
      // Seconds to wait for open connections, idle ones too, before the engine leaves anyway.
      shutdown_wait_unfinished: 2,
      max_server_memory_usage: memoryMaxBytes,
      mark_cache_size: Math.min(64 * MIB, Math.floor(memoryMaxBytes / 8)),
      index_mark_cache_size: 16 * MIB,
      uncompressed_cache_size: 0,
      max_concurrent_queries: 64,
      background_pool_size: 2,
      background_schedule_pool_size: 4,
      background_common_pool_size: 2,
      background_move_pool_size: 1,
      background_fetches_pool_size: 1,
      background_distributed_schedule_pool_size: 1,
      background_buffer_flush_schedule_pool_size: 1,
      background_message_broker_schedule_pool_size: 1,
      // The defaults reserve more free slots than a pool of this size has, which would keep every merge small for ever.
      merge_tree: {
        number_of_free_entries_in_pool_to_lower_max_size_of_merge: 1,
        number_of_free_entries_in_pool_to_execute_mutation: 1,
        number_of_free_entries_in_pool_to_execute_optimize_entire_partition: 1,
      },
      access_control_improvements: {
        select_from_system_db_requires_grant: "true",
        select_from_information_schema_requires_grant: "true",
        settings_constraints_replace_previous: "true",
      },
    },
  });
}

/**
 * The server's users. `default` is the engine's own session: it cannot have a password, so it has next to no rights. The writer owns the database
 * and reaches nothing outside of it. The reader sees the tables of the database: no system tables with secrets or queries in them, no table
 * functions that reach files or the network, and no way to lift its limits (`readonly = 1` refuses every change of a setting).
 */
export function engineUsers({ database, queryLimits, writer, reader, stopper }: EngineSettings): string {
  const user = ({ password }: EngineUser, profile: string, grants: string[]): XmlValue => ({
    password_sha256_hex: createHash("sha256").update(password).digest("hex"),
    networks: { ip: ["127.0.0.1", "::1"] },
    profile,
    quota: "default",
    grants: { query: grants },
  });
  const writing = [
    `GRANT ALL ON ${database}.*`,
    ...["MergeTree", "ReplacingMergeTree", "Memory"].map((engine) => `GRANT TABLE ENGINE ON ${engine}`),
    "GRANT SELECT ON system.*",
    "GRANT KILL QUERY ON *.*",
  ];
  const reading = [
    `GRANT SELECT, SHOW ON ${database}.*`,
    ...["tables", "columns", "databases", "parts"].map((table) => `GRANT SELECT ON system.${table}`),
  ];
  return toXml({
    clickhouse: {
      profiles: {
        default: {},
        reader: {
          readonly: 1,
          allow_ddl: 0,
          max_execution_time: queryLimits.maxSeconds,
          timeout_overflow_mode: "throw",
          max_result_rows: queryLimits.maxRows,
          max_result_bytes: queryLimits.maxBytes,
          result_overflow_mode: "throw",
          max_memory_usage: queryLimits.maxMemoryBytes,
          max_concurrent_queries_for_user: 4,
          max_threads: 2,
          cancel_http_readonly_queries_on_client_close: 1,
        },
      },
      quotas: { default: {} },
      users: {
        default: {
          password: "",
          networks: { ip: ["127.0.0.1", "::1"] },
          profile: "default",
          quota: "default",
          grants: { query: ["GRANT SYSTEM LISTEN ON *.*", "GRANT SELECT ON system.numbers"] },
        },
        [writer.name]: user(writer, "default", writing),
        [reader.name]: user(reader, "reader", reading),
        [stopper.name]: user(stopper, "default", ["GRANT KILL QUERY ON *.*", "GRANT SELECT ON system.processes"]),
      },
    },
  });
}
