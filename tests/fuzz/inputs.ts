/**
 * Inputs that trip programs up, and what a reader may do with them. FUZZ_RUNS sets how many each reader gets: 10,000 in
 * a pipeline, and fewer where somebody waits.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import fc from 'fast-check';

const RUNS = Number(process.env.FUZZ_RUNS ?? (process.env.CI === undefined ? 1_000 : 10_000));
const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-fuzz-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'input.json');

/** Names and values that trip programs up. */
const ODD = fc.constantFrom<unknown>(
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  'null',
  '-1',
  '1e999',
  '//',
  'http://',
  'http://[',
  'https://a:99999/',
  'file:///etc/passwd',
  '$',
  '${',
  '$' + '{X}',
  '$' + '{__proto__}',
  '../..',
  null,
  true,
  0,
  -0,
  1e308,
  Number.MAX_SAFE_INTEGER,
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
);
const ANY: fc.Arbitrary<unknown> = fc.oneof(
  ODD,
  fc.jsonValue({ maxDepth: 4 }),
  fc.webUrl(),
  fc.string({ unit: 'binary' }),
);

/** A valid value in which some places are replaced, removed, or added. */
function mutated(valid: unknown): fc.Arbitrary<unknown> {
  return fc
    .array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('replace', 'remove', 'add'),
        ANY,
        fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toJSON', '', '0'), fc.string()),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((changes) => changes.reduce((value, change) => changeOne(value, ...change), structuredClone(valid)));
}

function changeOne(root: unknown, where: number, how: string, value: unknown, name: string): unknown {
  const places: [object, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node, key]);
      walk(Reflect.get(node, key));
    }
  };
  walk(root);
  const place = places[where % Math.max(1, places.length)];
  if (place === undefined) return value;
  const [holder, key] = place;
  // Of an array, its length is no place of its own.
  if (Array.isArray(holder) && (how === 'add' ? name : key) === 'length') return root;
  if (how === 'remove') Reflect.deleteProperty(holder, key);
  else
    Object.defineProperty(holder, how === 'add' ? name : key, {
      // A copy: an object that is put into itself would have no end.
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return root;
}

/** The text of a file: of such a value, of any value, cut off, nested without end, or no JSON at all. */
export function texts(valid: unknown): fc.Arbitrary<string> {
  const json = fc
    .oneof({ weight: 5, arbitrary: mutated(valid) }, { weight: 1, arbitrary: ANY })
    .map((value) => JSON.stringify(value) ?? '');
  return fc.oneof(
    { weight: 8, arbitrary: json },
    {
      weight: 1,
      arbitrary: fc.tuple(json, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('[', '{"a":', '[{"__proto__":'), fc.integer({ min: 1, max: 20_000 }))
        .map(([open, times]) => open.repeat(times)),
    },
  );
}

/** Runs the reader on many inputs: what it throws must be one of these, in one line. */
export function fuzz<Input>(
  inputs: fc.Arbitrary<Input>,
  read: (input: Input) => unknown,
  ...refusals: readonly (new (
    message: string,
  ) => Error)[]
): void {
  let count = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      count += 1;
      try {
        read(input);
      } catch (error) {
        if (!(error instanceof Error) || !refusals.some((kind) => error instanceof kind)) throw error;
        assert.equal(error.message.split('\n').length, 1, error.message);
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  assert.equal(count, RUNS);
}

/** @returns a function that writes the text to a file and lets the reader read it */
export const read = (reader: (path: string) => unknown) => (text: string) => {
  writeFileSync(file, text);
  return reader(file);
};
