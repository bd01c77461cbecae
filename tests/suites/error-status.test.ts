/** A server that sends all errors of an endpoint with a wrong status fails what judges the status, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import { changeHead, type Deviation, type Wrap } from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { isFailed, Sandboxes } from '../../scripts/proof/sandboxes.js';
import { findEntry } from '../../suites/catalog.js';
import type { RequirementId } from '../../suites/requirement-ids.js';
import type { Result } from '../../suites/result.js';
import { launchTestBrowser } from '../launch-test-browser.js';

/** @returns the same response, an error with this status instead of its own */
const sendErrorsWith = (status: number): Wrap =>
  changeHead((head) => {
    if (head.status >= 400) head.status = status;
  });

const TOKEN_RULES: readonly RequirementId[] = [
  'token-error-format',
  'token-code-single-use',
  'token-code-concurrent',
  'token-auth-post-wrong',
  'token-client-credentials',
  'refresh-token-altered',
  'pkce-verifier-wrong',
];
const API_RULES: readonly RequirementId[] = [
  'userinfo-invalid-token',
  'api-expired-token',
  'api-two-methods',
  'api-jwt-forged',
  'revoke-access-token',
  'revoke-other-client',
];

describe('errors with a wrong status', () => {
  let browser: Browser;
  let sandboxes: Sandboxes;

  before(async () => {
    browser = await launchTestBrowser();
    sandboxes = await Sandboxes.prepare(browser, '', 1);
  });
  after(() => browser.close());

  async function judgeAll(deviation: Deviation, ids: readonly RequirementId[]): Promise<readonly Result[]> {
    const sandbox = createSandbox({ keys: sandboxes.keys, aging: true, deviations: [deviation] });
    const stage = await sandboxes.open(sandbox, { agents: false, workers: 1 });
    try {
      const results: Result[] = [];
      for (const id of ids) {
        const entry = findEntry(id);
        assert.ok(entry !== undefined);
        results.push(await stage.judge(entry));
      }
      return results;
    } finally {
      await stage.close();
    }
  }

  const listFailed = (results: readonly Result[]) =>
    results.filter(({ status }) => isFailed(status)).map(({ id }) => id);

  for (const status of [200, 401]) {
    it(`of ${status} at the token endpoint are the failure of token-error-format alone`, async () => {
      const how = `Every error of the token endpoint has the status ${status}.`;
      const results = await judgeAll({ how, wrap: { token: sendErrorsWith(status) } }, TOKEN_RULES);
      assert.deepEqual(
        listFailed(results),
        ['token-error-format'],
        JSON.stringify(results.map((r) => r.message)),
      );
      assert.deepEqual([...new Set(results.slice(1).map((result) => result.status))], ['pass']);
    });
  }

  it('of 200 at userinfo are the failure of userinfo-invalid-token alone, and are remarked on elsewhere', async () => {
    const how = 'Every error of userinfo has the status 200.';
    const results = await judgeAll({ how, wrap: { userinfo: sendErrorsWith(200) } }, API_RULES);
    assert.deepEqual(listFailed(results), ['userinfo-invalid-token']);
    assert.match(results[1]?.remarks[0] ?? '', /wrong status counted as refusals/);
  });

  it('stay the failure of a rule whose errors alone have it', async () => {
    const results = await judgeAll(
      {
        how: 'A code that was used is refused with 403.',
        wrap: {
          token: async (response, request, context) => {
            const code = new URLSearchParams(await request.text()).get('code') ?? '';
            const isUsed = (await context.store.codes.get(code))?.used === true;
            return isUsed ? sendErrorsWith(403)(response, request, context) : response;
          },
        },
      },
      ['token-error-format', 'token-code-single-use'],
    );
    assert.deepEqual(listFailed(results), ['token-code-single-use']);
    assert.match(results[1]?.message ?? '', /status 403 instead of 400/);
  });
});
