/** A login may end the user's sessions in other browsers; no clause forbids it, so nothing fails. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SentForms } from '../../fixtures/browser/sent-forms.js';
import { endsEarlierSessions } from '../../fixtures/environment/observe.js';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { discover } from '../../fixtures/target/load.js';
import { readReport } from '../../scripts/report/files.js';
import { launchTestBrowser } from '../launch-test-browser.js';
import { CliRunner } from './cli.js';
import { onSandbox } from './deviating-sandbox.js';

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
      onSandbox(deviations, async (sandbox) => {
        const target = await discover(sandbox.target());
        const forms = new SentForms(target.issuer);
        const provisioned = await provision(target, browser, 1, { forms });
        const environment = createEnvironment({
          target,
          browser,
          noBrowserReason: '',
          provisioned,
          forms,
          schemas: () => () => [],
        });
        const check = environment.startCheck();
        assert.equal(await endsEarlierSessions(check), expected);
        await check.close();
        await environment.close();
      }),
    );
  }

  it('passes where checks sign in meanwhile, one check at a time', () =>
    onSandbox([ONE_SESSION], async (sandbox) => {
      writeFileSync(join(cli.cwd, 'one.json'), JSON.stringify(sandbox.target()));
      const ids = ['authz-story', 'client-settings-fields', 'org-selection-required', 'pat-revoked'];
      const only = ids.flatMap((id) => ['--only', id]);
      const { stdout, stderr } = await cli.run('run', 'one.json', ...only, '--workers', '1');
      const { results } = readReport(join(cli.cwd, '.polar-conformance', 'last.json'));
      assert.deepEqual(
        results.map(({ id, status }) => `${id} ${status}`).sort(),
        ids.map((id) => `${id} pass`).sort(),
        stdout + stderr,
      );
    }));
});
