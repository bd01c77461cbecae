/** The seams of the engine: every planned requirement gets exactly one result, whatever the engine says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Collector, collectNotClaimed } from '../../scripts/engine/collector.js';
import { toMessages } from '../../scripts/engine/test-result.js';
import { EVERYTHING } from '../../suites/plan/selection.js';
import { plan } from '../../suites/plan.js';
import { sampleCatalog, sampleResult, sampleTarget } from './samples.js';

const target = sampleTarget({
  users: { first: { username: 'a', password: 'b' } },
  unsupported: { organization: 'no' },
});
const planned = plan(sampleCatalog, target, EVERYTHING);
const order = planned.map(({ requirement }) => requirement.id);
const REST = { status: 'error', reason: 'The engine ended.' } as const;

describe('collector', () => {
  it('gives one result for each, in order, even if nothing was reported', () => {
    const results = new Collector(planned).results([...order].reverse(), REST);
    assert.deepEqual(
      results.map(({ id }) => id),
      [...order].reverse(),
    );
    const byStatus = (status: string) => results.filter((result) => result.status === status).length;
    assert.equal(byStatus('not-applicable'), 1);
    assert.equal(byStatus('not-tested'), 1);
    assert.equal(byStatus('error'), order.length - 2);
  });

  it('takes results and losses, and nothing unplanned', () => {
    const collector = new Collector(planned);
    assert.ok(collector.accept({ type: 'result', result: sampleResult('token-exchange', 'pass') }));
    assert.ok(collector.accept({ type: 'lost', id: 'token-public', reason: 'It crashed.' }));
    assert.equal(collector.accept({ type: 'result', result: sampleResult('stranger', 'pass') }), null);
    const results = collector.results(order, REST);
    assert.equal(results.length, order.length);
    assert.equal(results.find(({ id }) => id === 'token-exchange')?.status, 'pass');
    const lost = results.find(({ id }) => id === 'token-public');
    assert.deepEqual([lost?.status, lost?.reason], ['error', 'It crashed.']);
  });

  it("counts what the server doesn't claim", () => {
    assert.deepEqual(collectNotClaimed(planned, new Collector(planned).results(order, REST)), [
      { capability: 'organization', reason: 'Declared unsupported: no', setting: null, requirements: 1 },
    ]);
  });
});

describe('a finished test', () => {
  const attachment = {
    name: 'result',
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(sampleResult('token-exchange', 'fail'))),
  };

  it('gives the result that it recorded', () => {
    const [message] = toMessages('token-exchange', {
      status: 'passed',
      attachments: [attachment],
      errors: [],
    });
    assert.equal(message?.type === 'result' ? message.result.status : null, 'fail');
  });

  it('without a result is lost, with the first line of the error', () => {
    const errors = [{ message: '\u001b[31mTypeError: x is not a function\u001b[39m\n at y' }];
    assert.deepEqual(toMessages('token-exchange', { status: 'failed', attachments: [], errors }), [
      {
        type: 'lost',
        id: 'token-exchange',
        reason: 'The check ended without a result (TypeError: x is not a function).',
      },
    ]);
  });

  it('that a signal cut off is neither', () => {
    assert.deepEqual(
      toMessages('token-exchange', { status: 'interrupted', attachments: [attachment], errors: [] }),
      [],
    );
  });

  it('of several requirements gives a message for each', () => {
    const messages = toMessages('token-code-expires token-exchange', {
      status: 'passed',
      attachments: [attachment],
      errors: [],
    });
    assert.deepEqual(
      messages.map(({ type }) => type),
      ['lost', 'result'],
    );
  });
});
