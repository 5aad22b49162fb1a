import type { Dialect } from "../reading.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { logfire } from "./logfire.ts";
import { mlflow } from "./mlflow.ts";
import { openinference } from "./openinference.ts";
import { openllmetry } from "./openllmetry.ts";
import { pydanticAi } from "./pydantic-ai.ts";
import { vercel } from "./vercel.ts";

/** The dialects of others. Where a span has keys of several and its scope does not tell, the first of them names it. */
export const foreign: Readonly<Record<ForeignName, Dialect>> = {
  openinference,
  vercel,
  langfuse,
  langsmith,
  mlflow,
  openllmetry,
  "pydantic-ai": pydanticAi,
  logfire,
};

export type ForeignName =
  | "openinference"
  | "vercel"
  | "langfuse"
  | "langsmith"
  | "mlflow"
  | "openllmetry"
  | "pydantic-ai"
  | "logfire";
