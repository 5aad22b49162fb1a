// Who answers, by the model's own words and in the names of the GenAI conventions.
import { ChatOpenAI } from "@langchain/openai";
import { expect, test } from "vitest";

import { describeModel, identityOf } from "./model.ts";

const model = new ChatOpenAI({ model: "gpt-x", apiKey: "none", temperature: 0.5, maxTokens: 99, topP: 0.9 });

test("a chat model, also behind a binding", () => {
  const expected = { provider: "openai", model: "gpt-x", parameters: { temperature: 0.5, maxTokens: 99, topP: 0.9 } };
  expect(describeModel(model)).toMatchObject(expected);
  expect(describeModel(model.bindTools([]))).toMatchObject(expected);
  expect(describeModel(model.withConfig({ tags: ["x"] }))).toMatchObject(expected);
});

test("providers in the names of the conventions", () => {
  const named = (ls_provider: string) => identityOf({ ls_provider, ls_model_name: "m" }).provider;
  expect(["google_genai", "amazon_bedrock", "azure", "mistralai", "anthropic", "new_one"].map(named)).toEqual([
    "gcp.gemini",
    "aws.bedrock",
    "azure.ai.openai",
    "mistral_ai",
    "anthropic",
    "new_one",
  ]);
});

test("a model that says nothing of itself still has a name", () => {
  expect(describeModel({ _llmType: () => "fake" })).toEqual({ model: "fake", parameters: {} });
  expect(describeModel(undefined).model).toBe("Object");
  expect(
    describeModel({
      getLsParams: () => {
        throw new Error("no");
      },
      model: "m",
    }).model,
  ).toBe("m");
  expect(identityOf(undefined).model).toBeUndefined();
});
