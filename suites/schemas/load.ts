/** The JSON Schemas of responses that stand beside this file. */
import { type FindErrors, loadCompiledSchema } from '../../fixtures/compiled-schema.js';

/** @param name the schema's file name without ending: `discovery`, `token` … */
export function loadSchema(name: string): FindErrors {
  return loadCompiledSchema(new URL(`./${name}.json`, import.meta.url));
}
