/** Nothing fails on a sandbox that deviates as a clause allows. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import type { Variant } from '../../fixtures/sandbox/deviation.js';
import { variants } from '../../fixtures/sandbox/variants/index.js';
import { changesUserPath, groupVariants } from '../../scripts/proof/groups.js';
import { Sandboxes } from '../../scripts/proof/sandboxes.js';
import { tolerateAll } from '../../scripts/proof/tolerate.js';
import { type Entry, listEntries } from '../../suites/catalog.js';
import { launchTestBrowser } from '../launch-test-browser.js';

/**
 * What the tests judge on variants that change how a user gets to the answer, because every code may cost a page there.
 * On other variants they judge everything that needs no page, and on those of the profile oidc everything.
 * `npm run variants` judges everything on every variant.
 */
const ON_THE_WAY = [
  'authz-story',
  'authz-code-response',
  'authz-state-echo',
  'authz-error-response',
  'authz-redirect-unregistered',
  'authz-prompt-consent',
  'consent-login-first',
  'consent-asked',
  'consent-application',
  'consent-scopes',
  'consent-deny',
  'consent-wrong-password',
  'consent-a11y-keyboard',
  'org-selection',
  'token-exchange',
];
const withoutPages = listEntries().filter(({ requirement }) => !requirement.needs.includes('page'));
const onTheWay = listEntries().filter(({ requirement }) => ON_THE_WAY.includes(requirement.id));

function judgedOn(group: readonly Variant[]): readonly Entry[] {
  if (group.some(({ profile }) => profile === 'oidc')) return listEntries();
  return group.some(changesUserPath) ? onTheWay : withoutPages;
}

describe('permitted deviations', () => {
  let browser: Browser;
  let sandboxes: Sandboxes;

  before(async () => {
    browser = await launchTestBrowser();
    sandboxes = await Sandboxes.prepare(browser, '');
  });
  after(() => browser.close());

  for (const group of groupVariants(variants)) {
    const judged = judgedOn(group);
    it(`nothing fails on ${group.map(({ id }) => id).join(', ')}`, async () => {
      const tolerances = await tolerateAll(sandboxes, group, judged);
      assert.deepEqual(
        tolerances.flatMap(({ id, failed }) =>
          failed.map(
            (result) => `${id}: ${result.id} ${result.status}: ${result.message ?? result.reason ?? ''}`,
          ),
        ),
        [],
      );
      const required = judged.filter(
        ({ requirement }) =>
          group.every(({ profile }) => profile === undefined) || requirement.profile === 'oidc',
      );
      // A server may claim less, and still most of what its profile demands can be judged.
      assert.ok(tolerances.every(({ judged }) => judged > required.length / 2));
    });
  }
});
