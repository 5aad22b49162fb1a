import { z } from "zod";
import { configSchema } from "./schema.ts";

/** One setting: a leaf of the configuration. */
export interface ConfigKey {
  /** `limits.requestMaxBytes` */
  path: string[];
  /** The environment variable that sets it. */
  environment: string;
  description: string;
  kind: "number" | "text" | "list";
  default: unknown;
  minimum: number | null;
  maximum: number | null;
  oneOf: string[] | null;
}

interface SchemaNode {
  type?: string;
  properties?: Record<string, SchemaNode>;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  enum?: string[];
}

const OTHER_NAMES: Record<string, string> = { dataDir: "RUNREEL_DATA" };

/** Every setting there is, in the order of the schema. */
export function configKeys(): ConfigKey[] {
  return leaves(z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as SchemaNode, []);
}

function leaves(node: SchemaNode, path: string[]): ConfigKey[] {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, child]) => leaves(child, [...path, name]));
  }
  return [
    {
      path,
      environment: environmentName(path),
      description: node.description ?? "",
      kind: node.type === "integer" ? "number" : node.type === "array" ? "list" : "text",
      default: node.default,
      minimum: node.minimum ?? null,
      maximum: node.maximum !== undefined && node.maximum < Number.MAX_SAFE_INTEGER ? node.maximum : null,
      oneOf: node.enum ?? null,
    },
  ];
}

/** ClickHouse keeps the names that its own tools use; all else is `RUNREEL_` and the path in capitals. */
function environmentName(path: string[]): string {
  const text = path.join(".");
  const snake = path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join("_");
  return OTHER_NAMES[text] ?? (path[0] === "clickhouse" ? snake : `RUNREEL_${snake}`);
}
