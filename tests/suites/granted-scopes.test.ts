/** A server may grant a different scope from the one requested (RFC 6749 section 3.3): then there is nothing to look at. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import { changeJson, type Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import { discover } from '../../fixtures/target/load.js';
import { findEntry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { launchTestBrowser } from '../launch-test-browser.js';

const keys = generateKeys();

const CASES: readonly (readonly [ids: readonly string[], Deviation])[] = [
  [
    ['api-scope-enforced', 'api-insufficient-scope'],
    {
      how: 'Each grant is for all scopes that the client declared.',
      replace: () => ({ grantableScopes: (_asked, client) => client.scope.split(' ') }),
    },
  ],
  [
    ['api-org-token-user-endpoint'],
    {
      how: 'An organization is granted openid alone.',
      wrap: {
        token: changeJson((body) =>
          String(body.access_token).startsWith('polar_at_o_') ? { ...body, scope: 'openid' } : body,
        ),
      },
    },
  ],
];

describe('a server that grants a different scope from the one requested', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchTestBrowser();
  });
  after(() => browser.close());

  for (const [ids, deviation] of CASES) {
    it(`leaves ${ids.join(' and ')} not tested, with the reason`, async () => {
      const sandbox = createSandbox({ keys: await keys, deviations: [deviation] });
      const listening = await sandbox.listen();
      const target = await discover(sandbox.target());
      const provisioned = await provision(target, browser);
      const environment = createEnvironment({
        target,
        browser,
        noBrowserReason: '',
        provisioned,
        schemas: loadSchema,
      });
      try {
        for (const id of ids) {
          const entry = findEntry(id);
          assert.ok(entry !== undefined);
          const { status, reason } = await judge(entry.requirement, 'api', environment);
          assert.equal(status, 'not-tested', `${id}: ${reason}`);
          assert.match(String(reason), /was (not )?granted the scope/);
        }
      } finally {
        await environment.close();
        await listening.close();
      }
    });
  }
});
