/** Lessons of part D, played right, wrong, and on a server with holes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findDefect } from '../../fixtures/sandbox/defects/index.js';
import { type Played, playAll } from '../../tutorial/auto/auto.js';
import { attack } from '../../tutorial/lessons/attack/index.js';
import { organization } from '../../tutorial/lessons/organization/index.js';
import { authorizeOrganization, listOrganizations } from '../../tutorial/lessons/organization/token.js';
import { exchangeCode } from '../../tutorial/lessons/steps.js';
import { yourApp } from '../../tutorial/lessons/your-app/index.js';
import { registerApp } from '../../tutorial/lessons/your-app/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';

const lessons = [organization, attack, yourApp];

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
