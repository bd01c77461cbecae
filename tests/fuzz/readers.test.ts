/**
 * Whatever a file or a server says, a reader takes it or refuses it in one sentence. Never with an error of our own,
 * which would end in exit code 70, and never without end.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readForms } from '../../fixtures/browser/html-forms.js';
import { CannotJudge, OverLimit, UsageError } from '../../fixtures/errors.js';
import { Exchange } from '../../fixtures/evidence/exchange.js';
import { findSecrets, maskSecretPlaces } from '../../fixtures/evidence/find-secrets.js';
import { Recorder } from '../../fixtures/evidence/recorder.js';
import { Secrets } from '../../fixtures/evidence/secrets.js';
import { SchemaValidator } from '../../fixtures/expect/schema-validator.js';
import { decodeIdToken } from '../../fixtures/flow/explain.js';
import { parseResponse } from '../../fixtures/http/raw-response.js';
import { stripMarkup } from '../../fixtures/output/strip-markup.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { readBaseline } from '../../scripts/baseline/file.js';
import { readReport } from '../../scripts/report/files.js';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { catalog } from '../../suites/catalog.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import { findLeakedDetails } from '../../suites/robust/leaked-details.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { parseChallenges } from '../../suites/steps/challenges.js';
import {
  sampleDocument,
  sampleExchange,
  sampleReport,
  sampleResult,
  sampleTarget,
} from '../scripts/samples.js';
import { fuzz, read, texts } from './inputs.js';

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

/**
 * A pattern that looks for an end from each place anew takes minutes on a long body without one, and no deadline of a
 * request ends that. Each of these is as long as a body can be.
 */
describe('readers of long bodies that repeat themselves', { timeout: 120_000 }, () => {
  const LENGTH = 1024 * 1024;
  const units = [
    ...[' ', 'a', '"', '<', '=', '/', '@', '\\', '“', '\n', '%', '.'],
    ...[
      '<input ',
      '<input "',
      '<script>',
      '<a ',
      'a=',
      'a a=',
      'at a',
      'at a(',
      'eyJ',
      'eyJa.',
      '"token":"',
      '\\"',
      'a.rb:',
    ],
  ];
  const readersOfText: Readonly<Record<string, (text: string) => unknown>> = {
    'of secrets': (text) => maskSecretPlaces(text).length + findSecrets(text).length,
    'of leaked details': (text) => findLeakedDetails(text, []),
    'of pages by HTTP': (text) => stripMarkup(text),
    'of challenges': (text) => parseChallenges(text),
    'of JSON': (text) => jsonOf(text).json(),
    'of HTTP': (text) => parseResponse(Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${text}`), true),
  };
  for (const [name, reader] of Object.entries(readersOfText)) {
    it(name, () => {
      for (const unit of units) {
        const text = unit.repeat(Math.floor(LENGTH / unit.length));
        try {
          reader(text);
        } catch (error) {
          assert.ok(error instanceof OverLimit, String(error));
        }
      }
    });
  }
});

function jsonOf(body: string): Exchange {
  return new Exchange({ ...sampleExchange, response: { ...sampleExchange.response, body } });
}
