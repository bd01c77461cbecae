/** A fresh token that is refused for a moment is used again; a server that only fails isn't waited for. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitUntilAccepted } from '../../suites/steps/fresh-tokens.js';
import { exchange } from '../fixtures/expect-samples.js';

/** Uses a token at a server that answers with these statuses, and then with the last of them. */
async function useAt(
  ...statuses: readonly number[]
): Promise<{ status: number; uses: number; waitedMs: number }> {
  let uses = 0;
  const use = async () => {
    uses += 1;
    return exchange(statuses[Math.min(uses, statuses.length) - 1] ?? 0, {});
  };
  const { last, waitedMs } = await waitUntilAccepted(
    use,
    ({ status }) => status === 200,
    async () => undefined,
  );
  return { status: last.status, uses, waitedMs };
}

describe('a fresh token', () => {
  it('is used again until it is accepted', async () => {
    assert.deepEqual(await useAt(200), { status: 200, uses: 1, waitedMs: 0 });
    assert.deepEqual(await useAt(401, 401, 200), { status: 200, uses: 3, waitedMs: 200 });
    assert.deepEqual(await useAt(500, 401, 500, 500, 200), { status: 200, uses: 5, waitedMs: 400 });
  });

  it('is used for three seconds if it is refused, or if the server is not there', async () => {
    assert.deepEqual(await useAt(401), { status: 401, uses: 31, waitedMs: 3_000 });
    assert.deepEqual(await useAt(503), { status: 503, uses: 31, waitedMs: 3_000 });
  });

  it('is used three times if the server fails each time', async () => {
    assert.deepEqual(await useAt(500), { status: 500, uses: 3, waitedMs: 200 });
  });
});
