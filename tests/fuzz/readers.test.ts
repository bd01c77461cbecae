/**
 * Whatever a file or a server says, a reader takes it or refuses it in one sentence. Never with an error of our own,
 * which would end in exit code 70, and never without end. FUZZ_RUNS sets how many inputs each reader gets.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { readForms } from '../../fixtures/browser/html-forms.js';
import { CannotJudge, OverLimit, UsageError } from '../../fixtures/errors.js';
import { Exchange } from '../../fixtures/evidence/exchange.js';
import { Recorder } from '../../fixtures/evidence/recorder.js';
import { Secrets } from '../../fixtures/evidence/secrets.js';
import { SchemaValidator } from '../../fixtures/expect/schema-validator.js';
import { decodeIdToken } from '../../fixtures/flow/explain.js';
import { parseResponse } from '../../fixtures/http/raw-response.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { readBaseline } from '../../scripts/baseline/file.js';
import { readReport } from '../../scripts/report/files.js';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { catalog } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import { loadSchema } from '../../suites/schemas/load.js';
import {
  sampleDocument,
  sampleExchange,
  sampleReport,
  sampleResult,
  sampleTarget,
} from '../scripts/samples.js';

const RUNS = Number(process.env.FUZZ_RUNS ?? 1_000);
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
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return root;
}

/** The text of a file: of such a value, of any value, cut off, nested without end, or no JSON at all. */
function texts(valid: unknown): fc.Arbitrary<string> {
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
function fuzz<Input>(
  inputs: fc.Arbitrary<Input>,
  read: (input: Input) => unknown,
  ...refusals: readonly (new (
    message: string,
  ) => Error)[]
): void {
  fc.assert(
    fc.property(inputs, (input) => {
      try {
        read(input);
      } catch (error) {
        if (!(error instanceof Error) || !refusals.some((kind) => error instanceof kind)) throw error;
        assert.equal(error.message.split('\n').length, 1, error.message);
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
}

const read = (reader: (path: string) => unknown) => (text: string) => {
  writeFileSync(file, text);
  return reader(file);
};

const results = (['pass', 'fail', 'warn', 'blocked', 'not-tested', 'not-applicable', 'error'] as const).map(
  (status) => sampleResult(`token-${status}`, status),
);
const report = sampleReport(results);
const settings = {
  ...sampleTarget().settings,
  clients: {
    first: {
      client_id: 'a',
      client_secret: '$' + '{SECRET}',
      redirect_uri: 'https://a.example/cb',
      scope: 'openid',
      token_endpoint_auth_method: 'client_secret_post',
    },
  },
  absent: { organization: 'There are none.' },
  pages: { login: { username: 'Name' } },
};

describe('readers', () => {
  it('of target files', () =>
    fuzz(
      texts(settings),
      read((path) => loadTarget(path, { SECRET: 'x' })),
      UsageError,
    ));

  it('of baselines', () => {
    const entries = [
      {
        id: 'token-exchange',
        status: 'fail',
        reason: 'Known.',
        expires: '2030-01-01',
        link: 'https://a.example',
      },
    ];
    fuzz(texts({ entries }), read(readBaseline), UsageError);
  });

  it('of reports, and every format of an accepted one', () => {
    fuzz(
      texts(report),
      read((path) => {
        const value = readReport(path);
        for (const format of FORMATS) formatReport(format, value);
        renderTerminal(value, { width: 80, color: false, quiet: false, savedAs: null });
      }),
      UsageError,
    );
  });

  it('of metadata documents, and the resulting plan', () => {
    fuzz(
      texts(sampleDocument),
      (text) => {
        const value = jsonOf(text).object();
        return plan(catalog, sampleTarget({}, value), EVERYTHING);
      },
      OverLimit,
      CannotJudge,
    );
  });

  for (const name of ['discovery', 'error', 'introspection', 'jwks', 'registration', 'token', 'userinfo']) {
    it(`of responses, by the schema ${name}`, () => {
      const schemas = new SchemaValidator(loadSchema);
      fuzz(
        texts({
          ...sampleDocument,
          access_token: 'x',
          keys: [{ kty: 'RSA', n: 'x', e: 'AQAB' }],
          active: true,
          sub: 'x',
        }),
        (text) => schemas.findViolation(name, jsonOf(text).json()),
        OverLimit,
      );
    });
  }

  it('of ID Tokens', () => {
    const part = fc.oneof(
      texts({ alg: 'RS256', kid: 'x' }).map((text) => Buffer.from(text).toString('base64url')),
      fc.string(),
    );
    fuzz(
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
      decodeIdToken,
    );
  });

  it('of HTTP, byte by byte', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'HTTP/1.1 200 OK',
        'HTTP/1.1 100 Continue',
        'HTTP/1.1 -1 x',
        'Transfer-Encoding: chunked',
        'Content-Length: -1',
        'Content-Length: 99999999999',
        'ffffffffff',
        '0',
        '',
      ),
      fc.string({ unit: 'binary' }),
    );
    const bytes = fc.array(line, { maxLength: 12 }).map((lines) => Buffer.from(lines.join('\r\n'), 'latin1'));
    fuzz(fc.tuple(bytes, fc.boolean()), ([text, ended]) => parseResponse(text, ended));
    // An endless row of interim answers is no reason to give up in a stack trace.
    assert.equal(parseResponse(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(4_000)), true), null);
  });

  it('of pages', () => {
    const tag = fc.constantFrom(
      '<form>',
      '<form action="http://[" method=POST>',
      '</form>',
      '<input name=a>',
      '<input type=password',
      '<select><option>',
      '<base href="//">',
      '<template><form>',
      '<svg><style><',
      '<!--',
      '<table><form>',
      '\u0000',
    );
    fuzz(
      fc.array(fc.oneof(tag, fc.string()), { maxLength: 30 }).map((parts) => parts.join('')),
      (html) => readForms(html, 'https://a.example/login'),
    );
    readForms('<div>'.repeat(20_000), 'https://a.example/login');
  });

  it("of exchanges: what's learned as a secret, and what's hidden", () => {
    fuzz(
      texts({ access_token: 'a-secret-value', refresh_token: ['x'], client_secret: { a: 'b' } }),
      (body) => {
        const recorder = new Recorder(new Secrets());
        recorder.add({
          ...sampleExchange,
          response: { ...sampleExchange.response, body, headers: { location: body, 'set-cookie': body } },
        });
        return recorder.redactedRecords();
      },
    );
  });
});

function jsonOf(body: string): Exchange {
  return new Exchange({ ...sampleExchange, response: { ...sampleExchange.response, body } });
}
