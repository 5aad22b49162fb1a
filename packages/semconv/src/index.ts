export * from "./attributes.ts";
