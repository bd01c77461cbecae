/** Lessons of part D, played right, wrong, on a server with holes, and by apps of several kinds. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findDefect } from '../../fixtures/sandbox/defects/index.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { attack } from '../../tutorial/lessons/attack/index.js';
import { inject, redeemStolen, seedAttackerCode, swapRedirect } from '../../tutorial/lessons/attack/steps.js';
import { organization } from '../../tutorial/lessons/organization/index.js';
import { authorizeOrganization, listOrganizations } from '../../tutorial/lessons/organization/token.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { yourApp } from '../../tutorial/lessons/your-app/index.js';
import { authorizeApp, openApp, registerApp } from '../../tutorial/lessons/your-app/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { Verdict } from '../../tutorial/watcher/classify.js';

const STARTER = fileURLToPath(new URL('../../tutorial/samples/starter.js', import.meta.url));
const lessons = [organization, attack, yourApp];

/** What was told of each exchange since. */
function verdictsOf(tutorial: Tutorial): Verdict[] {
  const verdicts: Verdict[] = [];
  tutorial.onEvent((event) => {
    if (event.kind === 'exchange') verdicts.push(event.verdict);
  });
  return verdicts;
}

async function played(defects: readonly string[], mistakes: boolean): Promise<readonly Played[]> {
  const deviations = defects.map((id) => {
    const defect = findDefect(id);
    assert.ok(defect, `there is no defect ${id}`);
    return defect;
  });
  const tutorial = await Tutorial.open({ lessons, deviations });
  try {
    const all: Played[] = [];
    await playAll(tutorial, { mistakes }, (one) => all.push(one));
    return all;
  } finally {
    await tutorial.close();
  }
}

const failed = (all: readonly Played[]): readonly string[] =>
  all.filter(({ ok }) => !ok).map(({ lesson, id }) => `${lesson} ${id}`);

describe('lessons of part D', () => {
  it('are verified when played, and name every mistake', async () => {
    const all = await played([], true);
    assert.deepEqual(
      all.filter(({ ok }) => !ok),
      [],
    );
    const count = lessons.flatMap(({ goals, exercises, mistakes }) => [
      ...goals,
      ...exercises,
      ...mistakes,
    ]).length;
    assert.equal(all.length, count);
  });

  it('are not verified on servers that accept what they must refuse', async () => {
    const first = await played(
      ['api-org-token-user-endpoint', 'org-bound', 'authz-redirect-exact-path', 'pkce-verifier-wrong'],
      false,
    );
    assert.deepEqual(failed(first), [
      'organization user-endpoint',
      'organization other-organization',
      'attack redirect-stretched',
      'attack guessed-verifier',
    ]);
    const second = await played(['authz-redirect-unregistered', 'pkce-verifier-missing'], false);
    assert.deepEqual(failed(second), [
      'attack redirect-swapped',
      'attack redirect-stretched',
      'attack stolen-code',
      // The code has been redeemed by then.
      'attack guessed-verifier',
    ]);
    const described = [...first, ...second].filter(({ ok }) => !ok).slice(0, -1);
    for (const { message, id } of described) assert.match(message, /accepted what it must refuse/, id);
  });

  it("don't count an organization nobody chose, or a user token", async () => {
    const all = failed(await played(['org-selection', 'org-sub', 'org-token'], false));
    for (const id of ['chosen', 'redeemed', 'called']) assert.ok(all.includes(`organization ${id}`), id);
  });
});

describe('the lesson on organizations', () => {
  it('takes HTTP Basic, other scopes in another order, and the organization by its id', async () => {
    const tutorial = await Tutorial.open({ lessons: [organization] });
    try {
      const learner = tutorial.learner(false);
      const registered = await tutorial.learner(true).send(registerApp, {
        body: JSON.stringify({
          client_name: 'With Basic',
          redirect_uris: [tutorial.addresses.callback],
          scope: 'openid user:read organizations:read',
          token_endpoint_auth_method: 'client_secret_basic',
        }),
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(registered.status, 201);
      await learner.open(authorizeOrganization, { query: { scope: 'organizations:read openid user:read' } });
      await learner.send(exchangeCode, {
        basic: ['{CLIENT_ID}', '{CLIENT_SECRET}'],
        form: { client_id: null, client_secret: null },
      });
      await learner.send(listOrganizations, { url: '{API}/organizations/{ORGANIZATION_ID}' });
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('organization').reached, ['chosen', 'redeemed', 'called']);
      assert.equal(tutorial.values.ACCESS_TOKEN, undefined);
      assert.match(tutorial.values.ORGANIZATION_TOKEN ?? '', /^polar_at_o_/);
    } finally {
      await tutorial.close();
    }
  });
});

describe('the lesson on attacks', () => {
  let tutorial: Tutorial;
  let verdicts: Verdict[];
  before(async () => {
    tutorial = await Tutorial.open({ lessons: [attack] });
    verdicts = verdictsOf(tutorial);
  });
  after(() => tutorial.close());

  it('shows a browser the same as a program: signed in by someone else, then refused', async () => {
    const learner = tutorial.learner(false);
    const asUser = { headers: { accept: 'text/html' } };
    const worked = await learner.send(inject, asUser);
    assert.match(worked.body, /now signed in to the account of <strong>alice@example\.com/);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress('attack').reached, ['injected']);

    const { VICTIM = '', VICTIM_CALLBACK = '' } = tutorial.values;
    const home = await (await fetch(`${VICTIM}/`)).text();
    assert.match(home, /<button type="submit" name="compare" value="yes">/);
    await fetch(`${VICTIM}/compare-state`, { method: 'POST', body: new URLSearchParams({ compare: 'yes' }) });
    const refused = await fetch(`${VICTIM_CALLBACK}?code=any&state=made-up`, asUser);
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /role="alert"/);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress('attack').reached, ['injected', 'state-compared']);
  });

  it('still signs in users who start at the app when state is compared', async () => {
    const learner = tutorial.learner(true);
    const { VICTIM = '' } = tutorial.values;
    const login = await fetch(`${VICTIM}/login`, { redirect: 'manual' });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const end = await learner.open(inject, {
      url: login.headers.get('location') ?? '',
      decision: { stop: true },
    });
    const answer = await fetch(end, { headers: { cookie } });
    assert.deepEqual(await answer.json(), { signed_in_as: 'alice@example.com' });
  });

  it("leaves the victim's tokens with the victim", () => {
    const { ACCESS_TOKEN, CLIENT_SECRET, PUBLIC_CLIENT_ID } = tutorial.values;
    assert.deepEqual([ACCESS_TOKEN, CLIENT_SECRET, PUBLIC_CLIENT_ID], [undefined, undefined, undefined]);
  });

  it("doesn't count a refusal for another reason, or an attack elsewhere", async () => {
    const learner = tutorial.learner(false);
    const before = tutorial.progress('attack').reached;
    await learner.send(redeemStolen, { form: { redirect_uri: '{ATTACKER_URI}' } });
    await learner.open(swapRedirect, { query: { redirect_uri: 'https://attacker.example/' } });
    await seedAttackerCode(tutorial.learner(true));
    await tutorial.settled();
    assert.deepEqual(
      verdicts.slice(-2).map(({ kind }) => kind),
      ['near-miss', 'mistake'],
    );
    assert.deepEqual(tutorial.progress('attack').reached, before);
  });

  it('answers under its own name only, and says so', async () => {
    const { port } = new URL(tutorial.addresses.page);
    const asked = request({ port, path: '/victim/', headers: { host: 'victim.example' } }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    assert.equal(answer.statusCode, 421);
  });

  it("has an attacker's server that shows names but no values", async () => {
    const { ATTACKER_URI = '' } = tutorial.values;
    const text = await (await fetch(`${ATTACKER_URI}?code=secret-code`)).text();
    assert.match(text, /came with the request: code\./);
    assert.doesNotMatch(text, /secret-code/);
  });
});

describe("the lesson on the learner's app", () => {
  it("is completed by the starter, which refuses a code it didn't ask for", async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = await learner.values();
      const starter = spawn(process.execPath, [STARTER], {
        env: { ...process.env, ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        await once(createInterface(starter.stdout), 'line');
        const injected = await fetch(`${REDIRECT_URI}?code=made-up&state=made-up`);
        assert.equal(injected.status, 400);
        await learner.open(openApp);
        await tutorial.settled();
      } finally {
        const ended = once(starter, 'exit');
        starter.kill();
        await ended;
      }
      assert.deepEqual(
        [...tutorial.progress('your-app').reached].sort(),
        yourApp.goals.map(({ id }) => id).sort(),
      );
      assert.equal(tutorial.progress('your-app').status, 'open', 'the test of the app is left');
    } finally {
      await tutorial.close();
    }
  });

  it("isn't completed by the whole flow with curl", async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const verdicts = verdictsOf(tutorial);
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      await learner.open(authorizeApp, { decision: { stop: true } });
      const redeemed = await learner.send(exchangeCode, { form: { code_verifier: '{CODE_VERIFIER}' } });
      assert.equal(redeemed.status, 200);
      const called = await learner.send({
        note: 'call',
        method: 'GET',
        url: '{USERINFO_ENDPOINT}',
        headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
      });
      assert.equal(called.status, 200);
      const refreshed = await learner.send(exchangeCode, {
        form: {
          grant_type: 'refresh_token',
          refresh_token: '{REFRESH_TOKEN}',
          code: null,
          redirect_uri: null,
        },
      });
      assert.equal(refreshed.status, 200);
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('your-app').reached, []);
      const mistakes = verdicts.flatMap((one) => (one.kind === 'mistake' ? [one.mistake.id] : []));
      assert.deepEqual(mistakes, ['by-hand']);
    } finally {
      await tutorial.close();
    }
  });

  it('lists what an app leaves out as still to do', async () => {
    const tutorial = await Tutorial.open({ lessons: [yourApp] });
    try {
      const learner = tutorial.learner(false);
      await learner.send(registerApp);
      await learner.open(authorizeApp, {
        query: { state: null, nonce: null, code_challenge: null, code_challenge_method: null },
        decision: { stop: true },
      });
      const { feedback } = tutorial.view();
      assert.equal(feedback?.id, 'state-missing');
      assert.match(feedback?.message ?? '', /Also missing: nonce and code_challenge\.$/);
      await learner.send(exchangeCode, { headers: { 'user-agent': 'my-app/1' } });
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('your-app').reached, ['signed-in']);
      assert.equal(tutorial.progress('your-app').status, 'open');
    } finally {
      await tutorial.close();
    }
  });

  it("has a starter that says what it's missing", async () => {
    const starter = spawn(process.execPath, [STARTER], { env: { PATH: process.env.PATH }, stdio: 'pipe' });
    let text = '';
    starter.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const [code] = await once(starter, 'close');
    assert.equal(code, 2);
    assert.equal(text.trim().split('\n').length, 1);
    assert.match(text, /^Set ISSUER, CLIENT_ID, CLIENT_SECRET and REDIRECT_URI/);
  });
});
