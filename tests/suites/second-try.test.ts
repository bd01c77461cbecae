/** An error that may come from time or the network is tried once more, and the report says so. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NotUnderstood } from '../../fixtures/browser/unrecognized-page.js';
import { NOTHING_PROVISIONED } from '../../fixtures/environment/provisioned.js';
import { createEnvironment } from '../../fixtures/environment.js';
import { NotTested } from '../../fixtures/verdict.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { sampleRequirement, sampleTarget } from '../scripts/samples.js';

/** Judges a requirement whose check does these things, one at each try. */
async function judged(...tries: readonly (() => void)[]): Promise<{ result: Result; tried: number }> {
  let tried = 0;
  const requirement = sampleRequirement('token-exchange', {
    check: async ({ expect }) => {
      const act = tries[tried];
      tried += 1;
      assert.ok(act !== undefined, 'it was tried too often');
      act();
      expect.that(true, 'It holds.', { expected: 'so', received: 'so' });
    },
  });
  const environment = createEnvironment({
    target: sampleTarget(),
    browser: null,
    noBrowserReason: 'There is none.',
    provisioned: NOTHING_PROVISIONED,
    schemas: () => ({}),
  });
  try {
    return { result: await judge(requirement, 'token', environment), tried };
  } finally {
    await environment.close();
  }
}

const broken = () => {
  throw new Error('localhost did not answer in time.');
};
const fine = () => undefined;

describe('a check that ends in an error', () => {
  it('passes if the second try passes, and says so', async () => {
    const { result, tried } = await judged(broken, fine);
    assert.equal(tried, 2);
    assert.deepEqual(
      [result.status, result.reason, result.remarks],
      [
        'pass',
        null,
        ['Judged in a second try. The first one ended in an error: localhost did not answer in time.'],
      ],
    );
  });

  it('is an error if the second try is too, with no third try', async () => {
    const { result, tried } = await judged(broken, broken);
    assert.equal(tried, 2);
    assert.deepEqual([result.status, result.remarks.length], ['error', 1]);
  });

  for (const [what, error] of [
    ['our own code is wrong', new TypeError('x is not a function')],
    ['a page is not understood', new NotUnderstood('The page has no field for a username.')],
  ] as const) {
    it(`is not tried again where ${what}`, async () => {
      const { result, tried } = await judged(() => {
        throw error;
      });
      assert.deepEqual([result.status, result.remarks, tried], ['error', [], 1]);
    });
  }

  it("isn't tried again if it couldn't be tested", async () => {
    const { result, tried } = await judged(() => {
      throw new NotTested('There is no second user.');
    });
    assert.deepEqual([result.status, tried], ['not-tested', 1]);
  });
});
