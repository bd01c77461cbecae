/** Reads the JSON Schemas of responses that stand beside this file. */
import { readFileSync } from 'node:fs';

/**
 * @param name the schema's file name without ending: `discovery`, `token` …
 * @returns the parsed schema; ajv decides whether it is one
 */
export function loadSchema(name: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
  if (typeof value !== 'object' || value === null) throw new Error(`schema ${name} is no JSON object`);
  return { ...value };
}
