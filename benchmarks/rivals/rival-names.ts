/** What Runreel is compared with, and the packages whose versions say which it was. A `-queue` variant has room for all spans. */
export const rivals = {
  openinference: { title: "OpenInference", packages: ["@arizeai/openinference-instrumentation-langchain"] },
  "openinference-queue": { title: "OpenInference, enlarged queue", packages: [] },
  traceloop: { title: "Traceloop (OpenLLMetry)", packages: ["@traceloop/node-server-sdk"] },
  "traceloop-queue": { title: "Traceloop (OpenLLMetry), enlarged queue", packages: [] },
  langfuse: { title: "Langfuse", packages: ["@langfuse/langchain", "@langfuse/otel"] },
  "langfuse-queue": { title: "Langfuse, enlarged queue", packages: [] },
  langsmith: { title: "LangSmith", packages: [] },
} as const;

export type RivalName = keyof typeof rivals;
export const rivalNames: RivalName[] = Object.keys(rivals) as RivalName[];
export const isRival = (name: string): name is RivalName => name in rivals;
