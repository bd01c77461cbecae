/** A login may end the user's sessions in other browsers; no clause forbids it, so nothing fails. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endsEarlierSessions } from '../../fixtures/environment/observe.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { launchTestBrowser } from '../launch-test-browser.js';
import { CliRunner } from './cli.js';
import { assertPass, observeSandbox } from './deviating-sandbox.js';

const ONE_SESSION: Deviation = {
  how: 'A login ends the other sessions of the same user.',
  wrap: {
    login: async (response, _request, { store }) => {
      const sessions = await store.sessions.list();
      const cookies = response.headers.getSetCookie().join('\n');
      const own = sessions.find(({ id }) => cookies.includes(id));
      const others = sessions.filter(({ id, userId }) => id !== own?.id && userId === own?.userId);
      if (own?.userId != null) for (const { id } of others) await store.sessions.delete(id);
      return response;
    },
  },
};

describe('a server that keeps one session per user', () => {
  const cli = new CliRunner();
  let browser: Awaited<ReturnType<typeof launchTestBrowser>>;
  before(async () => {
    browser = await launchTestBrowser();
  });
  after(async () => {
    cli.remove();
    await browser.close();
  });

  for (const [how, deviations, expected] of [
    ['is recognized', [ONE_SESSION], true],
    ['is told from one that keeps several', [], false],
  ] as const) {
    it(how, () =>
      observeSandbox(deviations, browser, async (check) => {
        assert.equal(await endsEarlierSessions(check), expected);
      }),
    );
  }

  it('passes where checks sign in meanwhile, one check at a time', () =>
    assertPass(
      cli,
      [ONE_SESSION],
      ['authz-story', 'client-settings-fields', 'org-selection-required', 'pat-revoked'],
    ));
});
