/** Resource indicators (RFC 8707): a token is for the API that was asked for, and for no other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResourceIndicators } from '../../fixtures/sandbox/resource-indicators.js';
import { device } from '../../tutorial/lessons/device/index.js';
import { authorizeDevice, redeemDevice, registerDevice } from '../../tutorial/lessons/device/requests.js';
import { Tutorial } from '../../tutorial/tutorial.js';

async function withDevice(run: (learner: ReturnType<Tutorial['learner']>) => Promise<void>): Promise<void> {
  const tutorial = await Tutorial.open({ lessons: [device] });
  try {
    const learner = tutorial.learner(false);
    await learner.send(registerDevice);
    await run(learner);
  } finally {
    await tutorial.close();
  }
}

describe('the resource parameter', () => {
  it('is refused with invalid_target at the redirect URI when it is unknown, malformed or has a fragment', () =>
    withDevice(async (learner) => {
      for (const resource of ['https://other.example/', 'notes', '{NOTES}#part']) {
        const end = await learner.open(authorizeDevice, { query: { resource }, decision: { stop: true } });
        assert.equal(end.searchParams.get('error'), 'invalid_target', resource);
        assert.ok(end.searchParams.has('state') && end.searchParams.has('iss'));
        assert.ok(!end.searchParams.has('code'));
      }
    }));

  it('in the token request must be the granted one, and a refusal leaves the code usable', () =>
    withDevice(async (learner) => {
      await learner.open(authorizeDevice, { decision: { stop: true } });
      const other = await learner.send(redeemDevice, { form: { resource: 'https://other.example/' } });
      assert.deepEqual([other.status, other.json.error], [400, 'invalid_target']);
      const good = await learner.send(redeemDevice);
      assert.equal(good.status, 200);
    }));

  it("isn't stored for tokens it didn't see", () => {
    assert.equal(new ResourceIndicators(() => true).findResource('a-token'), null);
  });
});
