/** The lesson on attacks, and the apps of its victim and its attacker. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { attack } from '../../tutorial/lessons/attack/index.js';
import { inject, redeemStolen, seedAttackerCode, swapRedirect } from '../../tutorial/lessons/attack/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { Verdict } from '../../tutorial/watcher/classify.js';
import { collectVerdicts } from './lesson-verdicts.js';

describe('the lesson on attacks', () => {
  let tutorial: Tutorial;
  let verdicts: Verdict[];
  before(async () => {
    tutorial = await Tutorial.open({ lessons: [attack] });
    verdicts = collectVerdicts(tutorial);
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
