/** Reads the JSON Schemas of responses that stand beside this file. */
import { readSchema } from '../../fixtures/read-schema.js';

/**
 * @param name the schema's file name without ending: `discovery`, `token` …
 * @returns the parsed schema; ajv decides whether it is one
 */
export function loadSchema(name: string): Readonly<Record<string, unknown>> {
  return readSchema(new URL(`./${name}.json`, import.meta.url));
}
