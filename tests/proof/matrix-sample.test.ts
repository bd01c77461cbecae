/** What is blocked on a server with a defect is blocked by something that fails in the same report. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import { judgeMatrix } from '../../scripts/proof/judge-matrix.js';
import { formatMatrixRow, isSound, summarizeMatrix } from '../../scripts/proof/matrix.js';
import { Sandboxes } from '../../scripts/proof/sandboxes.js';
import { type Entry, listEntries } from '../../suites/catalog.js';
import { launchTestBrowser } from '../launch-test-browser.js';

/** Steps that many checks need, broken in one place or in all. `prove --matrix` judges all defects by all checks. */
const BROKEN = [
  'token-exchange',
  'token-response-members',
  'token-auth-basic',
  'client-public-no-secret',
  'refresh-works',
];
const JUDGED = ['token', 'refresh', 'revoke', 'introspect', 'pkce'];

const isBroken = ({ requirement }: Entry): boolean => BROKEN.includes(requirement.id);
const isJudged = (entry: Entry): boolean =>
  isBroken(entry) || (JUDGED.includes(entry.chapter.id) && entry.requirement.intrusive !== true);

describe('the matrix of some defects', () => {
  let browser: Browser;
  let sandboxes: Sandboxes;

  before(async () => {
    browser = await launchTestBrowser();
    sandboxes = await Sandboxes.prepare(browser, '');
  });
  after(() => browser.close());

  it('has a reason for each failure, and a failing owner for all that is blocked', async () => {
    const rows = await judgeMatrix(
      sandboxes,
      listEntries().filter(isBroken),
      listEntries().filter(isJudged),
      () => {},
    );
    const summary = summarizeMatrix(rows);
    assert.ok(rows.length > BROKEN.length);
    assert.ok(isSound(summary), rows.flatMap(formatMatrixRow).join('\n'));
  });
});
