/** Who answers an inference, as the GenAI conventions name it. */
export interface ModelIdentity {
  provider?: string;
  model: string;
  parameters: { maxTokens?: number; temperature?: number; topP?: number; stream?: boolean };
}

/** LangChain's names of providers, where the GenAI conventions have another. */
const providers: Readonly<Record<string, string>> = {
  amazon_bedrock: "aws.bedrock",
  bedrock: "aws.bedrock",
  azure: "azure.ai.openai",
  azure_openai: "azure.ai.openai",
  google_genai: "gcp.gemini",
  google: "gcp.gemini",
  google_vertexai: "gcp.vertex_ai",
  google_anthropic_vertex: "gcp.vertex_ai",
  ibm: "ibm.watsonx.ai",
  mistral: "mistral_ai",
  mistralai: "mistral_ai",
  xai: "x_ai",
};

interface Standard {
  ls_provider?: string;
  ls_model_name?: string;
  ls_temperature?: number;
  ls_max_tokens?: number;
}

/** What of a request to a provider is of use here. */
interface Invocation {
  model?: unknown;
  stream?: unknown;
  top_p?: unknown;
}

interface Model {
  bound?: unknown;
  getLsParams?: (options: object) => Standard;
  model?: unknown;
  modelName?: unknown;
  topP?: unknown;
  streaming?: unknown;
  lc_namespace?: unknown;
  _llmType?: () => string;
  _defaultConfig?: { model?: unknown; modelProvider?: unknown };
}

/** Tells a chat model by its own words, without calling it. Bindings are looked through. */
export function describeModel(model: unknown): ModelIdentity {
  let given = (model ?? {}) as Model;
  for (let depth = 0; depth < 8 && typeof given.bound === "object" && given.bound !== null; depth += 1) {
    given = given.bound as Model;
  }
  const standard = standardOf(given);
  const name = standard.ls_model_name ?? given.model ?? given.modelName ?? given._defaultConfig?.model;
  const provider = standard.ls_provider ?? textOf(given._defaultConfig?.modelProvider);
  return {
    model: textOf(name) ?? given._llmType?.() ?? given.constructor.name,
    ...(provider === undefined ? {} : { provider: providerOf(provider) }),
    parameters: parametersOf(standard, given),
  };
}

/** The same from the metadata that LangChain gives to callbacks. */
export function identityOf(
  metadata: Record<string, unknown> | undefined,
  extra?: unknown,
): Omit<ModelIdentity, "model"> & { model?: string } {
  const standard = (metadata ?? {}) as Standard;
  const invocation = (extra as { invocation_params?: Invocation } | undefined)?.invocation_params;
  const model = textOf(standard.ls_model_name) ?? textOf(invocation?.model);
  return {
    ...(model === undefined ? {} : { model }),
    ...(standard.ls_provider === undefined ? {} : { provider: providerOf(standard.ls_provider) }),
    parameters: parametersOf(standard, { streaming: invocation?.stream, topP: invocation?.top_p }),
  };
}

const providerOf = (name: string): string => providers[name] ?? name;

function standardOf(model: Model): Standard {
  try {
    return model.getLsParams?.({}) ?? {};
  } catch {
    return {};
  }
}

function parametersOf(standard: Standard, model: Pick<Model, "topP" | "streaming">): ModelIdentity["parameters"] {
  return {
    ...(typeof standard.ls_temperature === "number" ? { temperature: standard.ls_temperature } : {}),
    ...(typeof standard.ls_max_tokens === "number" ? { maxTokens: standard.ls_max_tokens } : {}),
    ...(typeof model.topP === "number" ? { topP: model.topP } : {}),
    ...(typeof model.streaming === "boolean" ? { stream: model.streaming } : {}),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
