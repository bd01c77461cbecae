/** What the answers to malformed requests say, and what claims a grant may not show. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Exchange } from '../../fixtures/evidence/exchange.js';
import { createExpect } from '../../fixtures/expect/create-expect.js';
import { SchemaValidator } from '../../fixtures/expect/schema-validator.js';
import { Failed, NotTested } from '../../fixtures/verdict.js';
import { judgeOddRequests, type OddRequest } from '../../suites/robust/odd-requests.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { findSurplusClaims } from '../../suites/steps/standard-claims.js';

function answered(label: string, status: number, body = ''): OddRequest {
  const exchange = new Exchange({
    n: status,
    note: label,
    request: { method: 'POST', url: 'https://server.example/token', headers: {}, body: '' },
    response: { status, headers: { 'content-type': 'application/json' }, body },
    durationMs: 1,
  });
  return { label, answer: { exchange, closed: status === 0 } };
}

async function judgeAll(...requests: readonly OddRequest[]): Promise<readonly string[]> {
  async function* list() {
    yield* requests;
  }
  const remarks: string[] = [];
  const expect = createExpect(new SchemaValidator(loadSchema));
  const context = { expect, remark: (text: string) => void remarks.push(text) };
  await judgeOddRequests(context, list(), { subject: 'The endpoint fails on' });
  return remarks;
}

describe('malformed requests', () => {
  it('may be refused, and the connection may be closed', async () => {
    const remarks = await judgeAll(answered('one', 400, '{"error":"invalid_request"}'), answered('two', 0));
    assert.deepEqual(remarks, ['The answers: status 400, error invalid_request, closed.']);
  });

  it('that cause server errors are all named, with the exchange of the first', async () => {
    const judged = judgeAll(answered('one', 500), answered('two', 400), answered('three', 503));
    await assert.rejects(judged, (thrown) => {
      assert.ok(thrown instanceof Failed);
      assert.equal(thrown.message, 'The endpoint fails on one, three.');
      assert.equal(thrown.finding.exchange instanceof Exchange, true);
      return true;
    });
  });

  it('never give tokens', async () => {
    await assert.rejects(judgeAll(answered('one', 400, '{"access_token":"x"}')), Failed);
  });

  it('say nothing after a rate limit', async () => {
    await assert.rejects(judgeAll(answered('one', 429)), NotTested);
  });
});

describe('claims that nobody asked for', () => {
  it('are those of scopes that were not granted', () => {
    const claims = { sub: 'a', email: 'a@example.com', name: 'A', groups: [] };
    assert.deepEqual(findSurplusClaims(claims, new Set(['openid', 'email'])), ['name']);
    assert.deepEqual(findSurplusClaims(claims, new Set(['email', 'profile'])), []);
  });
});
