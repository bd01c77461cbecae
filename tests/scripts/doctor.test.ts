/** `doctor` on servers that are set up wrongly on purpose: one sentence that names the setting, exit 3, in time. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isObject } from '../../fixtures/evidence/exchange.js';
import {
  changeHead,
  changeJson,
  changePage,
  type Deviation,
  type Wrap,
} from '../../fixtures/sandbox/deviation.js';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import type { TargetSettings } from '../../fixtures/target/settings.js';
import { createAuthority, type Validity } from '../fixtures/certificates.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import { CliRunner, type Ended } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

const doctor = (file: string): Promise<Ended> => cli.run('doctor', file);

/** Runs `doctor` on a sandbox that deviates, by a target file that may be wrong. */
async function examined(
  deviation: Partial<Deviation> | null,
  change: (settings: TargetSettings) => TargetSettings | Promise<TargetSettings> = (settings) => settings,
): Promise<Ended> {
  const deviations = deviation === null ? [] : [{ how: 'wrong on purpose', ...deviation }];
  const sandbox = createSandbox({ deviations });
  const { close } = await sandbox.listen();
  try {
    return await doctor(fileOf(await change(sandbox.target())));
  } finally {
    await close();
  }
}

let files = 0;
function fileOf(settings: TargetSettings): string {
  files += 1;
  const name = `target-${files}.json`;
  writeFileSync(join(cli.cwd, name), JSON.stringify(settings));
  return name;
}

/** The line about one thing. */
function line({ stdout, stderr }: Ended, about: string): string {
  const found = stdout.split('\n').filter((each) => each.slice(6).startsWith(about));
  assert.equal(found.length, 1, `one line about ${about}: ${stdout}${stderr}`);
  return found[0] ?? '';
}

/** One sentence on one line, exit 3, and nothing else is at fault. */
function onlyFault(ended: Ended, about: string, sentence: RegExp): void {
  const faults = ended.stdout.split('\n').filter((each) => each.startsWith('FAULT'));
  assert.equal(faults.length, 1, ended.stdout + ended.stderr);
  assert.match(line(ended, about), /^FAULT .*\.$/);
  assert.match(line(ended, about), sentence);
  assert.equal(ended.stderr, '');
  assert.equal(ended.code, 3);
}

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
    const ended = await examined(null, (settings) => withClient(settings, {}));
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const [, judged, of] =
      /^(\d+) of (\d+) requirements of profile polar could be judged:$/m.exec(ended.stdout) ?? [];
    const [, waiting] =
      /^Judged with an option of run:\n +\+(\d+) {2}--max-wait SECONDS/m.exec(ended.stdout) ?? [];
    assert.equal(Number(judged) + Number(waiting), Number(of), ended.stdout);
    assert.match(line(ended, 'first client: credentials'), /^ok .* is accepted by client_secret_post\.$/);
    assert.match(line(ended, 'consent'), /^ok .* is asked, and allows\.$/);
    for (const about of ['name', 'connection', 'TLS', 'clock', 'discovery', 'keys', 'apiEndpoints.user']) {
      assert.match(line(ended, about), /^ok /);
    }
    assert.doesNotMatch(ended.stdout, /-in-the-sandbox|polar_(?!ci_)[a-z]+_[A-Za-z0-9_]{8,}/);
  });

  it('says what is missing, and how much each piece would let us judge', async () => {
    const ended = await examined(null, ({ issuer, users }) => ({
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
    const ended = await examined(null, (settings) => ({ ...settings, issuer: 'http://localhost:9' }));
    onlyFault(ended, 'connection', /Nothing listens at localhost:9: correct host and port in issuer/);
    assert.match(ended.stdout, /^Nothing can be judged until that is fixed\.$/m);
  });

  it('names a clock that is off by ten minutes', async () => {
    const late = changeHead(({ headers }) =>
      headers.set('date', new Date(Date.now() - 600_000).toUTCString()),
    );
    const ended = await examined({ wrap: { discovery: late } });
    onlyFault(ended, 'clock', /server’s clock is 10 minutes behind/);
  });

  it("isn't needed for that: run says it too, and goes on", async () => {
    const ahead = changeHead(({ headers }) =>
      headers.set('date', new Date(Date.now() + 600_000).toUTCString()),
    );
    const sandbox = createSandbox({ deviations: [{ how: 'ahead', wrap: { discovery: ahead } }] });
    const { close } = await sandbox.listen();
    try {
      const file = fileOf(sandbox.target());
      const { code, stdout, stderr } = await cli.run('run', file, '--only', 'discovery-document');
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^The server’s clock is 10 minutes ahead of this machine’s clock: set .*\.$/m);
    } finally {
      await close();
    }
  });

  it("names a document that isn't JSON", async () => {
    const page: Wrap = () =>
      new Response('<!doctype html><title>Welcome</title>', { headers: { 'content-type': 'text/html' } });
    const ended = await examined({ wrap: { discovery: page } });
    onlyFault(ended, 'discovery', /no JSON object came \(status 200, text\/html\): correct issuer/);
  });

  it('names a wrong secret', async () => {
    const ended = await examined(null, (settings) =>
      withClient(settings, { client_secret: 'not-the-secret' }),
    );
    assert.match(
      line(ended, 'first client: credentials'),
      /^FAULT .*invalid_client.*: correct clients\.first\.client_secret, .*\.$/,
    );
    assert.match(line(ended, 'first client: redirect_uri'), /^ok /);
    assert.equal(ended.code, 3);
    assert.doesNotMatch(ended.stdout, /not-the-secret/);
  });

  it("knows the client's own method", async () => {
    const ended = await examined(null, (settings) =>
      withClient(settings, { token_endpoint_auth_method: 'client_secret_basic' }),
    );
    assert.match(
      line(ended, 'first client: credentials'),
      /^FAULT .*: set clients\.first\.token_endpoint_auth_method to client_secret_post\.$/,
    );
    assert.equal(ended.code, 3);
  });

  it('names an unregistered redirect_uri', async () => {
    const ended = await examined(null, (settings) =>
      withClient(settings, { redirect_uri: 'https://app.example.com/other' }),
    );
    assert.match(
      line(ended, 'first client: redirect_uri'),
      /^FAULT .* ended at an error page \(.*\).*: register this redirect URI .*clients\.first\.redirect_uri.*\.$/,
    );
    assert.match(line(ended, 'first client: credentials'), /^ok /);
    assert.equal(ended.code, 3);
  });

  it('names a wrong password without showing it', async () => {
    const ended = await examined(null, (settings) =>
      withFirst(settings, { password: 'no password of hers' }),
    );
    onlyFault(
      ended,
      'first user: login',
      /can't sign in: .* is shown again and says “Wrong email or password”\. Check users\.first\.username and users\.first\.password/,
    );
    assert.doesNotMatch(ended.stdout, /no password of hers/);
    assert.match(line(ended, 'second user: login'), /^ok /);
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
    const ended = await examined({ wrap: { discovery: lists } }, async (settings) => ({
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
    const ended = await examined(null, (settings) => ({
      ...settings,
      registration: { as: 'anonymous', redirectHost: 'cb.example.com', scope: 'openid' },
    }));
    assert.match(ended.stdout, /^A run registers clients one after the other, never more than 20 at a time/m);
    assert.match(ended.stdout, /redirect URIs at https:\/\/cb\.example\.com .* with the scope "openid"/);
    assert.match(line(ended, 'first client: redirect_uri'), /^ok .*https:\/\/cb\.example\.com\/callback/);
  });

  it('names a consent page with unknown buttons', async () => {
    const renamed = changePage((html) =>
      html
        .replace(/name="decision" value="allow">Allow</, 'name="way" value="1">Onwards<')
        .replace(/name="decision" value="deny">Deny</, 'name="way" value="2">Backwards<'),
    );
    const ended = await examined({ wrap: onPages(renamed) });
    onlyFault(ended, 'consent', /not understood.*“Onwards”.*“Backwards”.*pages\.allow.*\.$/);
  });

  describe('names a login that never ends:', () => {
    const reloading: Wrap = () =>
      new Response('<p>One moment<script>location.reload()</script>', {
        headers: { 'content-type': 'text/html' },
      });
    const toHome: Wrap = (_response, request) =>
      request.method === 'POST' ? new Response(null, { status: 303, headers: { location: '/' } }) : _response;
    /** Whoever is signed in is sent to the same place again. */
    const again: Wrap = async (response, request) => {
      const text = response.status === 200 ? await response.text() : '';
      if (text.includes('type="password"')) return new Response(text, response);
      return new Response(null, { status: 302, headers: { location: request.url } });
    };
    const LOOPS: readonly (readonly [string, Partial<Deviation>, RegExp])[] = [
      [
        'the session is lost',
        { wrap: { login: changeHead(({ headers }) => headers.delete('set-cookie')) } },
        /the login page at .* is still shown\. Check users\.first\.username/,
      ],
      ['redirects in circles', { wrap: { authorize: again } }, /redirects in circles/],
      [
        'a page that loads itself again and again',
        {
          replace: () => ({ pageHeaders: () => ({}) }),
          wrap: {
            login: toHome,
            home: reloading,
          },
        },
        /doesn't end: for 15 s the server has shown nothing new|could not be read within|did not come to an end|keeps no session/,
      ],
    ];
    for (const [name, deviation, sentence] of LOOPS) {
      it(name, async () => {
        const ended = await examined(deviation);
        assert.match(line(ended, 'first user: login'), sentence);
        assert.match(ended.stdout, /^FAULT (first user: login|consent) .*\.$/m);
        assert.equal(ended.code, 3);
      });
    }
  });
});

describe('doctor over TLS', () => {
  it('trusts the authority that the target file names', async () => {
    const ended = await overTls({ trusted: 'mine', days: { from: -1, to: 30 } });
    assert.match(line(ended, 'TLS'), /^ok .* issued by Authority mine, trusted, and valid until /);
    for (const about of ['discovery', 'first client: redirect_uri', 'consent', 'settingsPages.tokens']) {
      assert.match(line(ended, about), /^ok /);
    }
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  });

  it('names a wrong authority', async () => {
    const ended = await overTls({ trusted: 'another', days: { from: -1, to: 30 } });
    onlyFault(
      ended,
      'TLS',
      /not trusted; it is issued by Authority mine .*: tls\.ca of the target file must name/,
    );
  });

  it('names a missing authority', async () => {
    const ended = await overTls({ trusted: null, days: { from: -1, to: 30 } });
    onlyFault(ended, 'TLS', /not trusted; .*"tls": \{"ca": "\.\/ca\.pem"\}/);
  });

  it('names an expired certificate', async () => {
    const ended = await overTls({ trusted: 'mine', days: { from: -9, to: -2 } });
    onlyFault(
      ended,
      'TLS',
      /certificate of localhost:\d+ expired on \d{4}-\d\d-\d\d: renew it on the server/,
    );
  });

  it("refuses pages on another origin that tls.ca doesn't vouch for, and so does login", async () => {
    const [mine, another] = await Promise.all([createAuthority(), createAuthority('Authority another')]);
    writeFileSync(join(cli.cwd, 'mine.pem'), mine.cert);
    const pages = await startReverseProxy({ certificate: await another.issue(['localhost']) });
    const api = await startReverseProxy({
      certificate: await mine.issue(['localhost']),
      rewrite: (body) => body.replace(/https:[^"]*(?=\/oauth2\/authorize")/, pages.issuer),
    });
    try {
      const file = fileOf({ ...api.sandbox.target(), tls: { ca: './mine.pem' } });
      const untrusted = new RegExp(`certificate of localhost:${pages.port} is not trusted`);
      const examined = await doctor(file);
      assert.match(line(examined, 'first user: login'), untrusted);
      assert.equal(examined.code, 3);
      const signedIn = await cli.run('login', file, '--headless');
      assert.match(signedIn.stderr, untrusted);
      assert.equal(signedIn.code, 3, signedIn.stderr);
      assert.deepEqual(pages.seen, []);
    } finally {
      await api.close();
      await pages.close();
    }
  });

  it("names a port that doesn't speak TLS", async () => {
    const ended = await examined(null, (settings) => ({
      ...settings,
      issuer: settings.issuer.replace('http:', 'https:'),
    }));
    onlyFault(ended, 'TLS', /No TLS connection to localhost:\d+ .*: name the port with TLS in issuer/);
  });

  it('leaves no process and no temporary file', () => {
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });
});

interface Certification {
  /** The authority that the target file names. */
  readonly trusted: 'mine' | 'another' | null;
  readonly days: Validity;
}

/** The sandbox behind TLS, with a certificate of an authority that is made for this test alone. */
async function overTls({ trusted, days }: Certification): Promise<Ended> {
  const [mine, another] = await Promise.all([
    createAuthority('Authority mine'),
    createAuthority('Authority another'),
  ]);
  writeFileSync(join(cli.cwd, 'mine.pem'), mine.cert);
  writeFileSync(join(cli.cwd, 'another.pem'), another.cert);
  const reverseProxy = await startReverseProxy({ certificate: await mine.issue(['localhost'], days) });
  try {
    const tls = trusted === null ? {} : { tls: { ca: `./${trusted}.pem` } };
    return await doctor(fileOf({ ...reverseProxy.sandbox.target(), ...tls }));
  } finally {
    await reverseProxy.close();
  }
}
