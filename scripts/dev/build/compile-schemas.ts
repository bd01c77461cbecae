/** Compiles the JSON Schemas that the program needs at every start, or once for each check, to plain functions. */
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import formats from 'ajv-formats';
import { compiledName } from '../../../fixtures/compiled-schema.js';
import { isObject } from '../../../fixtures/parse-json.js';
import { readSchema } from '../../../fixtures/read-schema.js';

const dist = new URL('../../../', import.meta.url);

/** Reports name all that is wrong; unions of a type and null are how the schema says "or nothing". */
const REPORT: Options = { allErrors: true, strictTypes: false, strictRequired: false };
/** Messages about target files suggest the nearest key, so they need the part of the schema that was violated. */
const TARGET: Options = { allErrors: true, verbose: true, allowUnionTypes: true };
const RESPONSE: Options = { allowMatchingProperties: true, allowUnionTypes: true };

const BASELINE: Options = {};
/** The sandbox's schema has no strict mode: its parts refer to each other. Messages suggest the nearest member. */
const SANDBOX: Options = { strict: false, verbose: true };

const answers = readdirSync(new URL('suites/schemas/', dist)).filter((name) => name.endsWith('.json'));
compile('scripts/report/report.schema.json', REPORT);
compile('fixtures/target/target.schema.json', TARGET);
compile('scripts/baseline/baseline.schema.json', BASELINE);
for (const name of answers) compile(`suites/schemas/${name}`, RESPONSE);

compileParts('fixtures/sandbox/sandbox.schema.json', SANDBOX);

function compile(path: string, options: Options): void {
  const ajv = createAjv(options);
  const url = new URL(path, dist);
  write(url, standalone.default(ajv, ajv.compile(readSchema(url))));
}

/** Makes one function for the whole schema, called `configuration`, and one for each of its definitions. */
function compileParts(path: string, options: Options): void {
  const ajv = createAjv(options);
  const url = new URL(path, dist);
  const schema = readSchema(url);
  const { $id: id, $defs: definitions } = schema;
  if (typeof id !== 'string' || !isObject(definitions)) throw new Error(`${path} lacks $id or $defs`);
  ajv.addSchema(schema);
  const parts = Object.keys(definitions).map((name) => [name, `${id}#/$defs/${name}`] as const);
  write(url, standalone.default(ajv, { configuration: id, ...Object.fromEntries(parts) }));
}

function createAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, ...options, code: { source: true } });
  formats.default(ajv);
  return ajv;
}

function write(schema: URL, code: string): void {
  writeFileSync(compiledName(fileURLToPath(schema)), code);
}
