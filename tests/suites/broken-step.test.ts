/** When one step of the flow is broken, its owner alone is red; everything that needs the step says who blocks it. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import pLimit from 'p-limit';
import { createContextPool } from '../../fixtures/browser/open-context.js';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import type { EndpointName } from '../../fixtures/sandbox/exchange.js';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import { discover } from '../../fixtures/target/load.js';
import { listEntries } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { launchTestBrowser } from '../launch-test-browser.js';

/** Endpoints that answer everything with 500, the requirement that owns the step, and the chapters that meet them. */
const STEPS: readonly (readonly [EndpointName, string, readonly string[]])[] = [
  [
    'token',
    'token-exchange',
    ['token', 'idtoken', 'refresh', 'pkce', 'userinfo', 'org', 'api', 'pat', 'revoke', 'introspect'],
  ],
  ['revoke', 'revoke-refresh-token', ['refresh', 'revoke', 'introspect']],
  ['userBenefits', 'api-bearer', ['refresh', 'org', 'api', 'pat', 'revoke', 'introspect']],
];

const AT_ONCE = 4;

describe('a broken step', () => {
  let browser: Browser;
  const keys = generateKeys();

  before(async () => {
    browser = await launchTestBrowser();
  });
  after(() => browser.close());

  async function judged(broken: EndpointName, chapters: readonly string[]): Promise<readonly Result[]> {
    const entries = listEntries().filter(({ chapter }) => chapters.includes(chapter.id));
    const fails = {
      how: 'The endpoint answers 500.',
      wrap: { [broken]: () => Response.json({ error: 'server_error' }, { status: 500 }) },
    };
    const sandbox = createSandbox({ keys: await keys, aging: true, deviations: [fails] });
    const listening = await sandbox.listen();
    const target = await discover(sandbox.target());
    const shared = { forms: new SentForms(target.issuer), contexts: createContextPool(browser) };
    const provisioned = await provision(target, browser, AT_ONCE, shared);
    const environments = Array.from({ length: AT_ONCE }, (_, workerIndex) =>
      createEnvironment({
        target,
        browser,
        noBrowserReason: '',
        provisioned,
        workerIndex,
        ...shared,
        schemas: loadSchema,
      }),
    );
    const limit = pLimit(AT_ONCE);
    try {
      return await Promise.all(
        entries.map(({ requirement, chapter }) =>
          limit(async () => {
            const environment = environments.pop();
            assert.ok(environment !== undefined);
            const result = await judge(requirement, chapter.id, environment);
            environments.push(environment);
            return result;
          }),
        ),
      );
    } finally {
      await Promise.all(environments.map((environment) => environment.close()));
      await listening.close();
    }
  }

  for (const [endpoint, owner, chapters] of STEPS) {
    it(`at the endpoint ${endpoint} is the failure of ${owner} alone`, async () => {
      const results = await judged(endpoint, chapters);
      const failing = results.filter(({ status }) => status === 'fail' || status === 'warn');
      assert.deepEqual(
        failing.map(({ id }) => id),
        [owner],
        failing.map(({ id, message }) => `${id}: ${message}`).join('\n'),
      );
      const blocked = results.filter(({ status }) => status === 'blocked');
      assert.ok(blocked.length > 0);
      assert.deepEqual([...new Set(blocked.map(({ blockedBy }) => blockedBy))], [owner]);
      assert.deepEqual(
        results.filter(({ status }) => status === 'error').map(({ id, reason }) => `${id}: ${reason}`),
        [],
      );
    });
  }
});
