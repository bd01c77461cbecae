/** A server may end a user's earlier grant to a client when it issues a new one; no clause forbids it, so nothing fails. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { endsEarlierGrants } from '../../fixtures/environment/observe.js';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import type { Deviation, Wrap } from '../../fixtures/sandbox/deviation.js';
import { discover } from '../../fixtures/target/load.js';
import { readReport } from '../../scripts/report/files.js';
import { launchTestBrowser } from '../launch-test-browser.js';
import { CliRunner } from './cli.js';
import { onSandbox } from './deviating-sandbox.js';

/** Ends all grants of this user and client but the newest. */
const endEarlierGrants: Wrap = async (response, request, { store }) => {
  const form = new URLSearchParams(await request.text());
  if (response.status !== 200 || form.get('grant_type') !== 'authorization_code') return response;
  const grants = await store.grants.list();
  const newest = grants.find(({ id }) => id === grantOf(form.get('code')));
  for (const grant of grants) {
    const isEarlier =
      grant.id !== newest?.id && grant.userId === newest?.userId && grant.client_id === newest.client_id;
    if (isEarlier) await store.grants.put({ ...grant, revoked: true });
  }
  return response;

  function grantOf(code: string | null): string | undefined {
    return codes.get(code ?? '');
  }
};
/** Which grant a code belongs to. */
const codes = new Map<string, string>();
const rememberCodes: Wrap = async (response, _request, { store }) => {
  for (const { value, grantId } of await store.codes.list()) codes.set(value, grantId);
  return response;
};
const ONE_GRANT: Deviation = {
  how: 'A new grant ends the earlier one.',
  wrap: { authorize: rememberCodes, decision: rememberCodes, token: endEarlierGrants },
};

describe('a server that ends the earlier grant of a user and a client', () => {
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
    ['is recognized', [ONE_GRANT], true],
    ['is told from one that keeps it', [], false],
  ] as const) {
    it(how, () =>
      onSandbox(deviations, async (sandbox) => {
        const target = await discover(sandbox.target());
        const provisioned = await provision(target, browser, 1, {});
        const environment = createEnvironment({
          target,
          browser,
          noBrowserReason: '',
          provisioned,
          schemas: () => () => [],
        });
        const check = environment.startCheck();
        assert.equal(await endsEarlierGrants(check), expected);
        await check.close();
        await environment.close();
      }),
    );
  }

  it('passes where checks use several grants, one check at a time', () =>
    onSandbox([ONE_GRANT], async (sandbox) => {
      writeFileSync(join(cli.cwd, 'one.json'), JSON.stringify(sandbox.target()));
      const ids = ['token-form-charset', 'token-accept-any', 'api-insufficient-scope', 'api-scheme-case'];
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
