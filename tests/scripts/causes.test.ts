/** Failures come worst first, and those of one cause together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeGroup, groupFailures, sortFailures } from '../../scripts/report/causes.js';
import { formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { listEntries } from '../../suites/catalog.js';
import { EXCEPTIONS, findChapterHarm, findHarm, HARMS } from '../../suites/harm.js';
import type { Result } from '../../suites/result.js';
import { sampleExchange, sampleReport, sampleResult } from './samples.js';

const answered = (status: number, body = '', url = 'https://auth.example/token'): Partial<Result> => ({
  evidence: [
    {
      ...sampleExchange,
      request: { ...sampleExchange.request, url },
      response: { status, headers: {}, body },
    },
  ],
});
const BROKEN = '{"error":"server_error","error_description":"No database."}';

const report = sampleReport([
  sampleResult('token-prefixes', 'warn'),
  sampleResult('authz-state-echo', 'fail', { received: 'no state' }),
  sampleResult('discovery-document', 'fail', { received: 'status 200' }),
  sampleResult('token-exchange', 'fail', answered(500, BROKEN)),
  sampleResult('token-expires-in', 'fail', answered(500, BROKEN)),
  sampleResult('refresh-works', 'warn', answered(500, BROKEN)),
  sampleResult('token-no-store', 'fail', answered(500, '{"error":"server_error"}')),
  sampleResult('userinfo-invalid-token', 'fail', { received: 'no WWW-Authenticate' }),
  sampleResult('api-missing-token', 'fail', { received: 'no WWW-Authenticate' }),
]);

describe('failures', () => {
  it('come before warnings, and those that do most harm first', () => {
    assert.deepEqual(
      sortFailures(report).map(({ id }) => id),
      [
        'authz-state-echo',
        'userinfo-invalid-token',
        'api-missing-token',
        'token-no-store',
        'discovery-document',
        'token-exchange',
        'token-expires-in',
        'refresh-works',
        'token-prefixes',
      ],
    );
  });

  it('are grouped by a header that is missing, and by an endpoint that gives the same error', () => {
    const groups = groupFailures(report).map(({ cause, first, others }) => [
      cause,
      first.id,
      ...others.map(({ id }) => id),
    ]);
    assert.deepEqual(groups, [
      [null, 'authz-state-echo'],
      ['no WWW-Authenticate', 'userinfo-invalid-token', 'api-missing-token'],
      [null, 'token-no-store'],
      [null, 'discovery-document'],
      [
        'POST https://auth.example/token answers 500, server_error, No database.',
        'token-exchange',
        'token-expires-in',
        'refresh-works',
      ],
      [null, 'token-prefixes'],
    ]);
  });

  it('are not grouped because the same was accepted, nor across endpoints', () => {
    const apart = sampleReport([
      sampleResult('token-exchange', 'fail', answered(200)),
      sampleResult('token-expires-in', 'fail', answered(200)),
      sampleResult('refresh-works', 'fail', answered(500, BROKEN)),
      sampleResult('userinfo-get', 'fail', answered(500, BROKEN, 'https://auth.example/userinfo')),
    ]);
    assert.equal(groupFailures(apart).length, 4);
  });

  it('are grouped where only the id of a client differs', () => {
    const url = (id: string) => `https://auth.example/clients/${id}`;
    const together = sampleReport([
      sampleResult('client-read', 'fail', answered(500, '', url('polar_ci_aaaaaaaaaaaa'))),
      sampleResult('client-update', 'fail', answered(500, '', url('polar_ci_bbbbbbbbbbbb'))),
    ]);
    assert.match(
      describeGroup(groupFailures(together)[0] ?? assert.fail()),
      /^2 requirements, one cause: .*clients\/… answers 500\.$/,
    );
  });

  const sentence = '2 requirements, one cause: no WWW-Authenticate.';
  for (const [name, text] of [
    ['the terminal', renderTerminal(report, { width: 100, color: false, quiet: false, savedAs: null })],
    ['Markdown', formatReport('markdown', report)],
    ['HTML', formatReport('html', report)],
  ] as const) {
    it(`say so in ${name}`, () => {
      assert.ok(text.replaceAll(/[\\]/g, '').includes(sentence), text.slice(0, 3000));
      assert.match(text, /api-missing-token/);
      assert.match(text, /Someone can lose an account or a token\./);
    });
  }
});

describe('what a failure does to somebody', () => {
  it('is known for every requirement', () => {
    for (const { requirement } of listEntries())
      assert.ok(findChapterHarm(requirement.id) !== undefined, requirement.id);
  });

  it('is said once, and only if the chapter says otherwise', () => {
    const all = HARMS.flatMap((harm) => EXCEPTIONS[harm].map((id) => [id, harm] as const));
    assert.equal(new Set(all.map(([id]) => id)).size, all.length);
    for (const [id, harm] of all) {
      assert.notEqual(findChapterHarm(id), harm, id);
      assert.equal(findHarm(id), harm);
    }
  });
});
