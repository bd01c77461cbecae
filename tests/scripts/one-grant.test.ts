/** A server may end a user's earlier grant to a client when it issues a new one; no clause forbids it, so nothing fails. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endsEarlierGrants } from '../../fixtures/environment/observe.js';
import type { Deviation, Wrap } from '../../fixtures/sandbox/deviation.js';
import { launchTestBrowser } from '../launch-test-browser.js';
import { CliRunner } from './cli.js';
import { assertPass, observeSandbox } from './deviating-sandbox.js';

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
      observeSandbox(deviations, browser, async (check) => {
        assert.equal(await endsEarlierGrants(check), expected);
      }),
    );
  }

  it('passes where checks use several grants, one check at a time', () =>
    assertPass(
      cli,
      [ONE_GRANT],
      ['token-form-charset', 'token-accept-any', 'api-insufficient-scope', 'api-scheme-case'],
    ));
});
