import { inspect } from "node:util";

import { nearestName } from "./nearest-name.ts";

export type Environment = Record<string, string | undefined>;

/** Reads one option from code or environment, and collects faults instead of throwing. */
export class OptionReader {
  readonly faults: string[] = [];
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  fault(sentence: string): void {
    this.faults.push(sentence);
  }

  /** Finds fault with the names that are no options, and says which were meant. Gives what stands under the others. */
  known<T extends object>(given: T, names: ReadonlySet<string>): Partial<T> {
    try {
      if (typeof given !== "object" || given === null || Array.isArray(given)) {
        this.fault(`start() should be given an object of options, found ${found(given)}`);
        return {};
      }
      for (const name of Object.keys(given).filter((one) => !names.has(one))) {
        const meant = nearestName(name, names);
        this.fault(`${name} is no option${meant === undefined ? "" : `, did you mean ${meant}?`}`);
      }
      return { ...given };
    } catch (error) {
      this.fault(`the options cannot be read: ${found(error)}`);
      return {};
    }
  }

  /** An empty variable is one that is not set. */
  text(variable: string): string | undefined {
    const value = this.#environment[variable]?.trim();
    return value === "" ? undefined : value;
  }

  otelDisabled(): boolean {
    return this.text("OTEL_SDK_DISABLED")?.toLowerCase() === "true";
  }

  name(option: string, value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.trim() !== "") return value;
    this.fault(`${option} should be a text that is not empty, found ${found(value)}`);
    return undefined;
  }

  flag(option: string, given: unknown, variable: string, byDefault: boolean): boolean {
    if (typeof given === "boolean") return given;
    if (given !== undefined) this.fault(`${option} should be true or false, found ${found(given)}`);
    const text = this.text(variable)?.toLowerCase();
    if (text === undefined) return byDefault;
    if (text === "1" || text === "true") return true;
    if (text !== "0" && text !== "false") this.fault(`${variable} should be 1 or 0, found ${found(text)}`);
    return false;
  }

  number(option: string, given: unknown, variable: string, [min, max, byDefault]: [number, number, number]): number {
    const text = this.text(variable);
    if (given === undefined && text === undefined) return byDefault;
    const value = given === undefined ? Number(text) : given;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    const name = given === undefined ? variable : option;
    this.fault(
      `${name} should be a whole number from ${min} to ${max}, found ${found(given === undefined ? text : given)}`,
    );
    return byDefault;
  }

  /** A part of a whole. */
  share(option: string, given: unknown, variable: string, byDefault: number): number {
    const text = this.text(variable);
    if (given === undefined && text === undefined) return byDefault;
    const value = given === undefined ? Number(text) : given;
    if (typeof value === "number" && value >= 0 && value <= 1) return value;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be a number from 0 to 1, found ${found(given === undefined ? text : given)}`);
    return byDefault;
  }

  choice<T extends string, D extends T | undefined>(
    option: string,
    given: unknown,
    variable: string,
    choices: readonly T[],
    byDefault: D,
  ): T | D {
    const value = given === undefined ? this.text(variable) : given;
    if (value === undefined) return byDefault;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be one of ${choices.join(", ")}, found ${found(value)}`);
    return byDefault;
  }

  url(option: string, given: unknown, variable: string, byDefault: string): string {
    const value = given === undefined ? (this.text(variable) ?? byDefault) : given;
    if (typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value;
    const name = given === undefined ? variable : option;
    this.fault(`${name} should be a URL such as http://127.0.0.1:4318, found ${found(value)}`);
    return byDefault;
  }
}

/** What was found, in a line. */
function found(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > TEXT_MAX_LENGTH ? `${value.slice(0, TEXT_MAX_LENGTH)}…` : value);
  return value instanceof Error
    ? String(value)
    : inspect(value, { depth: 0, breakLength: Infinity, customInspect: false });
}

const TEXT_MAX_LENGTH = 200;
