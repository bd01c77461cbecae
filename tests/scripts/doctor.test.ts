/** `doctor` on servers that are set up wrongly on purpose: one sentence that names the setting, exit 3, in time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { changeHead, changeJson, changePage, type Wrap } from '../../fixtures/sandbox/deviation.js';
import { findSession } from '../../fixtures/sandbox/endpoints/session.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import { assertOnlyFault, cli, findLine, runOnSandbox, writeTargetFile } from './run-doctor.js';

/** Registers a client as its author would, and names it in the target file. */
async function withClient(
  settings: TargetSettings,
  change: Partial<NonNullable<NonNullable<TargetSettings['clients']>['first']>>,
): Promise<TargetSettings> {
  const redirect_uri = 'https://app.example.com/callback';
  const response = await fetch(`${settings.issuer}/v1/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'By hand',
      redirect_uris: [redirect_uri],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid email profile user:read organizations:read',
    }),
  });
  const made: unknown = await response.json();
  assert.ok(isObject(made) && typeof made.client_id === 'string' && typeof made.client_secret === 'string');
  const { client_id, client_secret } = made;
  const scope = 'openid email profile user:read organizations:read';
  const token_endpoint_auth_method = 'client_secret_post';
  const first = {
    client_id,
    client_secret,
    redirect_uri,
    scope,
    token_endpoint_auth_method,
    ...change,
  } as const;
  return { ...settings, clients: { first } };
}

const withFirst = (settings: TargetSettings, user: { password: string }): TargetSettings => ({
  ...settings,
  users: { ...settings.users, first: { ...settings.users?.first, ...user } },
});

const onPages = (wrap: Wrap) => ({ authorize: wrap, login: wrap, decision: wrap });

describe('doctor', () => {
  it('finds nothing at fault with a server that is set up right', async () => {
    const ended = await runOnSandbox(null, (settings) => withClient(settings, {}));
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const [, judged, of] =
      /^(\d+) of (\d+) requirements of profile polar could be judged:$/m.exec(ended.stdout) ?? [];
    const [, waiting] =
      /^Judged with an option of run:\n +\+(\d+) {2}--max-wait SECONDS/m.exec(ended.stdout) ?? [];
    assert.equal(Number(judged) + Number(waiting), Number(of), ended.stdout);
    assert.match(findLine(ended, 'first client: credentials'), /^ok .* is accepted by client_secret_post\.$/);
    assert.match(findLine(ended, 'consent'), /^ok .* is asked, and allows\.$/);
    for (const about of ['name', 'connection', 'TLS', 'clock', 'discovery', 'keys', 'apiEndpoints.user']) {
      assert.match(findLine(ended, about), /^ok /);
    }
    assert.doesNotMatch(ended.stdout, /-in-the-sandbox|polar_(?!ci_)[a-z]+_[A-Za-z0-9_]{8,}/);
  });

  it('says what is missing, and how much each piece would let us judge', async () => {
    const ended = await runOnSandbox(null, ({ issuer, users }) => ({
      issuer,
      profile: 'polar',
      users: { first: { ...users?.first, organizations: [] } },
    }));
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const waiting = Number(/^ +\+(\d+) {2}--max-wait/m.exec(ended.stdout)?.[1]);
    const counted = [...ended.stdout.matchAll(/^ {2,}\+(\d+) {2}"/gm)].map(([, count]) => Number(count));
    const [, judged, of] = /^(\d+) of (\d+) requirements/m.exec(ended.stdout) ?? [];
    assert.ok(counted.length >= 5, ended.stdout);
    assert.equal(counted.reduce((sum, count) => sum + count, Number(judged)) + waiting, Number(of));
    assert.match(ended.stdout, /^ +\+\d+ {2}"users": \{"second": /m);
  });

  it('names a wrong port', async () => {
    const ended = await runOnSandbox(null, (settings) => ({ ...settings, issuer: 'http://localhost:9' }));
    assertOnlyFault(ended, 'connection', /Nothing listens at localhost:9: correct host and port in issuer/);
    assert.match(ended.stdout, /^Nothing can be judged until that is fixed\.$/m);
  });

  it('names a clock that is off by ten minutes', async () => {
    const late = changeHead(({ headers }) =>
      headers.set('date', new Date(Date.now() - 600_000).toUTCString()),
    );
    const ended = await runOnSandbox({ wrap: { discovery: late } });
    assertOnlyFault(ended, 'clock', /server's clock is 10 minutes behind/);
  });

  it("isn't needed for that: run says it too, and goes on", async () => {
    const ahead = changeHead(({ headers }) =>
      headers.set('date', new Date(Date.now() + 600_000).toUTCString()),
    );
    const sandbox = createSandbox({ deviations: [{ how: 'ahead', wrap: { discovery: ahead } }] });
    const { close } = await sandbox.listen();
    try {
      const file = writeTargetFile(sandbox.target());
      const { code, stdout, stderr } = await cli.run('run', file, '--only', 'discovery-document');
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^The server's clock is 10 minutes ahead of this machine's clock: set .*\.$/m);
    } finally {
      await close();
    }
  });

  it("names a document that isn't JSON", async () => {
    const page: Wrap = () =>
      new Response('<!doctype html><title>Welcome</title>', { headers: { 'content-type': 'text/html' } });
    const ended = await runOnSandbox({ wrap: { discovery: page } });
    assertOnlyFault(ended, 'discovery', /no JSON object came \(status 200, text\/html\): correct issuer/);
  });

  it('names a wrong secret', async () => {
    const ended = await runOnSandbox(null, (settings) =>
      withClient(settings, { client_secret: 'not-the-secret' }),
    );
    assert.match(
      findLine(ended, 'first client: credentials'),
      /^FAULT .*invalid_client.*: correct clients\.first\.client_secret, .*\.$/,
    );
    assert.match(findLine(ended, 'first client: redirect_uri'), /^ok /);
    assert.equal(ended.code, 3);
    assert.doesNotMatch(ended.stdout, /not-the-secret/);
  });

  it("knows the client's own method", async () => {
    const ended = await runOnSandbox(null, (settings) =>
      withClient(settings, { token_endpoint_auth_method: 'client_secret_basic' }),
    );
    assert.match(
      findLine(ended, 'first client: credentials'),
      /^FAULT .*: set clients\.first\.token_endpoint_auth_method to client_secret_post\.$/,
    );
    assert.equal(ended.code, 3);
  });

  it('names an unregistered redirect_uri', async () => {
    const ended = await runOnSandbox(null, (settings) =>
      withClient(settings, { redirect_uri: 'https://app.example.com/other' }),
    );
    assert.match(
      findLine(ended, 'first client: redirect_uri'),
      /^FAULT .* ended at an error page \(.*\).*: register this redirect URI .*clients\.first\.redirect_uri.*\.$/,
    );
    assert.match(findLine(ended, 'first client: credentials'), /^ok /);
    assert.equal(ended.code, 3);
  });

  it('names a wrong password without showing it', async () => {
    const ended = await runOnSandbox(null, (settings) =>
      withFirst(settings, { password: 'no password of hers' }),
    );
    assertOnlyFault(
      ended,
      'first user: login',
      /can't sign in: .* is shown again and says “Wrong email or password”\. Check users\.first\.username and users\.first\.password/,
    );
    assert.doesNotMatch(ended.stdout, /no password of hers/);
    assert.match(findLine(ended, 'second user: login'), /^ok /);
  });

  it('says that a login page contradicts "page": false, and what to write instead', async () => {
    const says =
      'says that nobody signs in ("login": {"page": false}), but there is a page of another kind (login, status 200).';
    const withNobody = await runOnSandbox(null, ({ issuer }) => ({
      issuer,
      profile: 'polar',
      login: { page: false },
    }));
    assertOnlyFault(
      withNobody,
      'first user: login',
      /Add users\.first with username .* leave out login\.page\.$/,
    );
    assert.ok(findLine(withNobody, 'first user: login').includes(says), withNobody.stdout);
    const withUsers = await runOnSandbox(null, (settings) => ({ ...settings, login: { page: false } }));
    assert.equal(withUsers.code, 3);
    assert.ok(findLine(withUsers, 'first user: login').endsWith(`${says} Leave out login.page.`));
  });

  it('takes a server that asks to sign in each time as it is, and names the setting', async () => {
    const asksEachTime: Wrap = async (response, request, { store, issuer }) => {
      if (!/[?&]code=/.test(response.headers.get('location') ?? '')) return response;
      const session = await findSession({ store, issuer }, request);
      if (session !== null) await store.sessions.put({ ...session, userId: null });
      return response;
    };
    const ended = await runOnSandbox({ wrap: { authorize: asksEachTime, decision: asksEachTime } });
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.doesNotMatch(ended.stdout, /^FAULT/m);
  });

  it("compares the target file with the server's metadata", async () => {
    const wrong = {
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid nosuch:scope',
    } as const;
    const lists = changeJson((document) => ({
      ...document,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      scopes_supported: ['openid', 'email'],
    }));
    const ended = await runOnSandbox({ wrap: { discovery: lists } }, async (settings) => ({
      ...(await withClient(settings, wrong)),
      metadata: { scopes_supported: ['openid'] },
    }));
    const notes = ended.stdout.split('\n').filter((each) => each.slice(6).startsWith('target file'));
    assert.equal(notes.length, 3, ended.stdout);
    assert.match(notes[0] ?? '', /^note .*clients\.first\.token_endpoint_auth_method is client_secret_basic/);
    assert.match(notes[1] ?? '', /clients\.first\.scope has nosuch:scope/);
    assert.match(notes[2] ?? '', /metadata\.scopes_supported of the target file replaces what/);
  });

  it('says what registration needs', async () => {
    const ended = await runOnSandbox(null, (settings) => ({
      ...settings,
      registration: { as: 'anonymous', redirectHost: 'cb.example.com', scope: 'openid' },
    }));
    assert.match(ended.stdout, /^A run registers clients as it needs them, never more than 20 at a time/m);
    assert.match(ended.stdout, /redirect URIs at https:\/\/cb\.example\.com .* with the scope "openid"/);
    assert.match(findLine(ended, 'first client: redirect_uri'), /^ok .*https:\/\/cb\.example\.com\/callback/);
  });

  it('finds out that clients cannot be registered, and counts without them', async () => {
    const refusal = { error: 'access_denied', error_description: 'Only staff registers clients.' };
    const closed: Wrap = async (response, request) =>
      (await request.text()).includes('By hand') ? response : Response.json(refusal, { status: 403 });
    const ended = await runOnSandbox({ wrap: { register: closed } }, async (settings) => ({
      ...(await withClient(settings, {})),
      profile: 'oidc',
    }));
    assert.match(
      findLine(ended, 'registration'),
      /^note .*closed to us \(403, .*Only staff registers clients\./,
    );
    assert.match(ended.stdout, /client 0\/\d+/);
    assert.match(ended.stdout, /the server refuses to register clients for us/);
    assert.doesNotMatch(ended.stdout, /A run registers clients/);
    assert.equal(ended.code, 0, ended.stdout);
  });

  it('names a consent page with unknown buttons', async () => {
    const renamed = changePage((html) =>
      html
        .replace(/name="decision" value="allow">Allow</, 'name="way" value="1">Onwards<')
        .replace(/name="decision" value="deny" formnovalidate>Deny</, 'name="way" value="2">Backwards<'),
    );
    const ended = await runOnSandbox({ wrap: onPages(renamed) });
    assertOnlyFault(ended, 'consent', /not understood.*“Onwards”.*“Backwards”.*pages\.allow.*\.$/);
  });
});
