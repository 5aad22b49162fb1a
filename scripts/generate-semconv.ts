/**
 * Writes the constants of `@runreel/semconv` from `spec/semconv.yaml`.
 *
 * `node scripts/generate-semconv.ts`, or `npm run generate`. A test fails where the committed file differs from what this writes.
 */
import { readFileSync, writeFileSync } from "node:fs";

import { parse } from "yaml";

const specification = new URL("../spec/semconv.yaml", import.meta.url);

/** The file this script owns. */
export const generatedFile: URL = new URL("../packages/semconv/src/attributes.ts", import.meta.url);

interface Attribute {
  key: string;
  type: string;
  brief?: string;
  example?: string | number | boolean;
}

interface Named {
  name: string;
  brief?: string;
}

interface Specification {
  conventions: { genai: { repository: string; schemaUrl: string } };
  otel: Attribute[];
  runreel: Attribute[];
  spans: Record<string, Named>;
  events: Record<string, Named>;
}

/** The text of the generated file. */
export function generateAttributes(): string {
  const { conventions, otel, runreel, spans, events } = parse(readFileSync(specification, "utf8")) as Specification;
  const sections = [
    ["// Generated from spec/semconv.yaml by `npm run generate`. Do not edit."],
    [
      `/** The generation of the GenAI conventions (${conventions.genai.repository}) that is written, for a scope's schema URL. */`,
      constant("GENAI_SCHEMA_URL", conventions.genai.schemaUrl),
    ],
    ...otel.map((attribute) => [`/** Attribute of OpenTelemetry, ${attribute.type}. */`, attributeConstant(attribute)]),
    ...runreel.map((attribute) => [attributeComment(attribute), attributeConstant(attribute)]),
    ...Object.entries(spans).map(([id, span]) => named("SPAN", "span", id, span)),
    ...Object.entries(events).map(([id, event]) => named("EVENT", "event", id, event)),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function attributeComment({ type, brief, example }: Attribute): string {
  return [
    "/**",
    ` * ${brief ?? ""}`,
    " *",
    ` * Attribute, ${type}, for example \`${String(example).replaceAll("*/", "*\\/")}\`.`,
    " */",
  ].join("\n");
}

function attributeConstant({ key }: Attribute): string {
  return constant(key.replaceAll(".", "_").toUpperCase(), key);
}

function named(prefix: string, kind: string, id: string, { name, brief }: Named): string[] {
  const comment = `/** The name of ${kind === "event" ? "an event" : "a span"}${brief === undefined ? "." : `: ${brief}`} */`;
  return [comment, constant(`${prefix}_${id.toUpperCase()}`, name)];
}

function constant(name: string, value: string): string {
  return `export const ${name} = ${JSON.stringify(value)} as const;`;
}

if (import.meta.main) writeFileSync(generatedFile, generateAttributes());
