/** A saved session that expires during a run: reported as such, with what to do, and no verdict on the server. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser } from '@playwright/test';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import type { ExchangeRecord } from '../../fixtures/evidence/exchange.js';
import { createSandbox, generateKeys, type Sandbox } from '../../fixtures/sandbox/index.js';
import { discover } from '../../fixtures/target/load.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import { findEntry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import { launchTestBrowser } from '../launch-test-browser.js';

const keys = generateKeys();

describe('a saved session that expires during a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
  let browser: Browser;
  before(async () => {
    browser = await launchTestBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Judges before and after all sessions end. @param withPassword whether the user could sign in again */
  async function judged(
    withPassword: boolean,
    ids: readonly string[],
  ): Promise<readonly (readonly [before: Result, after: Result])[]> {
    let now: Sandbox | null = null;
    const reverseProxy = await startReverseProxy({ before: (request) => now?.fetch(request) ?? null });
    try {
      const settings = reverseProxy.sandbox.target();
      const { sessions } = await provision(await discover(settings), browser);
      const storageState = join(folder, 'kept.json');
      writeFileSync(storageState, JSON.stringify(sessions.first));
      const { username, password, organizations } = settings.users.first;
      const first = { storageState, organizations, ...(withPassword ? { username, password } : {}) };
      const kept: TargetSettings = {
        ...settings,
        users: { ...settings.users, first },
        source: 'mine.json',
      };
      const target = await discover(kept);
      const provisioned = await provision(target, browser);
      assert.deepEqual(provisioned.problems, []);
      const environment = createEnvironment({
        target,
        browser,
        noBrowserReason: '',
        provisioned,
        schemas: loadSchema,
      });
      const results = [];
      for (const id of ids) {
        const entry = findEntry(id);
        assert.ok(entry !== undefined);
        const judgeNow = () => judge(entry.requirement, entry.chapter.id, environment);
        now = null;
        const was = await judgeNow();
        // All that the server knows, but nobody is signed in.
        now = createSandbox({
          keys: await keys,
          issuer: reverseProxy.issuer,
          data: { ...reverseProxy.sandbox.snapshot(), sessions: [] },
        });
        results.push([was, await judgeNow()] as const);
      }
      await environment.close();
      return results;
    } finally {
      await reverseProxy.close();
    }
  }

  const ENDED =
    'The saved session of the first user expired during the run: run `npx polar-conformance login mine.json` again, then judge what is missing.';

  const asks = ({ request }: ExchangeRecord) => request.url.includes('/oauth2/authorize');

  it('is named, with the command to run again, and no check tries any more', async () => {
    const [code, afterward] = await judged(false, ['authz-code-response', 'consent-application']);
    assert.deepEqual([code?.[0].status, code?.[1].status], ['pass', 'not-tested']);
    assert.equal(code?.[1].reason, ENDED);
    assert.ok(code?.[1].evidence.some(({ note }) => note.includes('whether the saved session still works')));
    assert.deepEqual(
      afterward?.map(({ status, reason, evidence }) => [status, reason, evidence.filter(asks).length]),
      [
        ['not-tested', ENDED, 0],
        ['not-tested', ENDED, 0],
      ],
    );
  });

  it("doesn't matter where the user can sign in again", async () => {
    const [code] = await judged(true, ['authz-code-response']);
    assert.deepEqual([code?.[0].status, code?.[1].status], ['pass', 'pass']);
  });
});
