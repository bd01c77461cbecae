/** Lessons 3 to 6: other right ways count; what looks right by luck, or is accepted by mistake, does not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { findDefect } from '../../fixtures/sandbox/defects/index.js';
import { playAll } from '../../tutorial/auto/auto.js';
import type { Learner } from '../../tutorial/learner/learner.js';
import { authorize as authorizeLesson } from '../../tutorial/lessons/authorize/index.js';
import { call } from '../../tutorial/lessons/call/index.js';
import { callUserinfo } from '../../tutorial/lessons/call/requests.js';
import { client } from '../../tutorial/lessons/client/index.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import type { Lesson } from '../../tutorial/lessons/lesson.js';
import {
  authorize,
  exchangeCode,
  exchangeCodeByBasic,
  registerConfidential,
} from '../../tutorial/lessons/steps.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { TutorialOptions } from '../../tutorial/tutorial-options.js';
import type { Verdict } from '../../tutorial/watcher/classify.js';
import { createApplication } from './application.js';

const lessons: readonly Lesson[] = [client, authorizeLesson, exchange, call];
const byBasic = {
  ...registerConfidential,
  json: {
    x_own: '1',
    ...registerConfidential.json,
    redirect_uris: ['https://app.example/callback', '{REDIRECT_URI}'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
};

/** A tutorial of which each verdict that belongs to the lesson is noted. */
async function watched(options: Omit<TutorialOptions, 'lessons'> = {}) {
  const tutorial = await Tutorial.open({ ...options, lessons });
  const verdicts: Verdict[] = [];
  tutorial.onEvent((event) => {
    if (event.kind === 'exchange' && event.verdict.kind !== 'unrelated') verdicts.push(event.verdict);
  });
  return { tutorial, verdicts };
}

/** What the exercise at hand, or the last exchange, came out as. */
const named = (verdict: Verdict | undefined): string => {
  if (verdict === undefined) return 'nothing';
  if (verdict.kind === 'mistake') return `mistake ${verdict.mistake.id}`;
  if (verdict.kind === 'near-miss' || verdict.kind === 'accepted')
    return `${verdict.kind} ${verdict.exercise.id}`;
  return verdict.kind;
};

describe('lessons 3 to 6, other right ways', () => {
  let tutorial: Tutorial;
  let verdicts: Verdict[];
  let learner: Learner;
  before(async () => {
    ({ tutorial, verdicts } = await watched());
    learner = tutorial.learner(false);
  });
  after(() => tutorial.close());

  const reached = (id: string) => tutorial.progress(id).reached;
  const wrong = () =>
    verdicts.filter(({ kind }) => kind !== 'goal' && kind !== 'progress' && kind !== 'repeated').map(named);

  it('takes a client for HTTP Basic with more redirect URIs, and one member more', async () => {
    await tutorial.go('client');
    await learner.send(byBasic);
    assert.deepEqual(reached('client'), ['registered']);
    assert.deepEqual(wrong(), []);
  });

  it('takes parameters in another order, and more of them', async () => {
    await tutorial.go('authorize');
    const { state = '', ...rest } = authorize.query ?? {};
    await learner.open({
      ...authorize,
      query: { state, ui_locales: 'de', ...Object.fromEntries(Object.entries(rest).reverse()), x_own: '1' },
    });
    assert.deepEqual(reached('authorize'), ['requested', 'consented', 'came-back']);
    assert.deepEqual(wrong(), []);
  });

  it('accepts HTTP Basic from a client registered for it', async () => {
    await tutorial.go('exchange');
    const form = Object.fromEntries(Object.entries(exchangeCodeByBasic.form ?? {}).reverse());
    await learner.send({ ...exchangeCodeByBasic, form: { x_own: '1', ...form } });
    assert.deepEqual(reached('exchange'), ['redeemed']);
    await learner.send(exchangeCodeByBasic);
    assert.deepEqual(reached('exchange'), ['redeemed', 'replayed']);
    assert.deepEqual(wrong(), []);
  });

  it('accepts a POST, with the scheme in lower case', async () => {
    await tutorial.go('call');
    const headers = { authorization: 'bearer {ACCESS_TOKEN}', 'x-own': '1' };
    await learner.send(callUserinfo, { method: 'POST', headers });
    assert.deepEqual(reached('call'), ['called']);
    assert.deepEqual(wrong(), []);
  });

  it('takes an application that uses a library', async () => {
    for (const { id } of lessons) await tutorial.reset(id);
    await tutorial.go('authorize');
    const values = await learner.values();
    const app = await createApplication(values);
    const response = await learner.open(authorize, { url: app.url });
    assert.deepEqual(reached('authorize'), ['requested', 'consented', 'came-back']);
    await tutorial.go('exchange');
    const accessToken = await app.redeem(response);
    await tutorial.settled();
    assert.deepEqual(reached('exchange'), ['redeemed']);
    await tutorial.go('call');
    await app.call(accessToken);
    await tutorial.settled();
    assert.deepEqual(reached('call'), ['called']);
    assert.deepEqual(wrong(), []);
  });
});

describe('lessons 3 to 6, right by accident', () => {
  it('rejects a client from another address, and a refusal caused by a missing name', async () => {
    const { tutorial, verdicts } = await watched();
    try {
      const learner = tutorial.learner(false);
      await tutorial.go('client');
      await learner.send(registerConfidential, { url: '{API}/oauth2/clients' });
      await tutorial.settled();
      assert.deepEqual(tutorial.progress('client').reached, []);
      await learner.send(registerConfidential);
      const json = { client_name: '', redirect_uris: ['http://example.com/cb'] };
      await learner.send({ ...registerConfidential, json });
      await tutorial.settled();
      assert.equal(named(verdicts.at(-1)), 'near-miss plain-http-refused');
      assert.deepEqual(tutorial.progress('client').reached, ['registered']);
    } finally {
      await tutorial.close();
    }
  });

  it('rejects a replay that was refused for another reason', async () => {
    const replayed = findDefect('token-code-single-use');
    assert.ok(replayed !== undefined);
    const { tutorial, verdicts } = await watched({ deviations: [replayed] });
    try {
      const learner = tutorial.learner(false);
      await tutorial.go('exchange');
      await learner.send(exchangeCode);
      const { CODE = '' } = await learner.values();
      await learner.age(CODE, 601);
      await learner.send(exchangeCode);
      await tutorial.settled();
      assert.equal(named(verdicts.at(-1)), 'near-miss replayed');
      await learner.send(exchangeCode, { form: { client_secret: 'of-another-client' } });
      await tutorial.settled();
      assert.equal(named(verdicts.at(-1)), 'near-miss replayed');
      assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed']);
    } finally {
      await tutorial.close();
    }
  });

  it('rejects an altered ID Token, an expired token, and an error for an unknown client', async () => {
    const { tutorial, verdicts } = await watched();
    try {
      const learner = tutorial.learner(false);
      const last = async () => {
        await tutorial.settled();
        return named(verdicts.at(-1));
      };
      await tutorial.go('authorize');
      await learner.open(authorize);
      const redirect_uri = '{REDIRECT_URI}/';
      await learner.open(authorize, { query: { client_id: 'nobody', redirect_uri } });
      assert.equal(await last(), 'mistake client-id-unknown');
      await learner.open(authorize, { query: { redirect_uri: '{REDIRECT_URI}//' } });
      assert.equal(await last(), 'mistake redirect-uri-unregistered');
      assert.deepEqual(tutorial.progress('authorize').reached, ['requested', 'consented', 'came-back']);

      await tutorial.go('call');
      await learner.send(callUserinfo);
      const { ID_TOKEN = '' } = await learner.values();
      const cut = { authorization: `Bearer ${ID_TOKEN.slice(0, -8)}` };
      await learner.send(callUserinfo, { headers: cut });
      assert.equal(await last(), 'mistake token-unknown');
      await learner.send(exchangeCode);
      await learner.send(callUserinfo, { url: '{API}/users/benefit' });
      assert.equal(await last(), 'mistake token-ended');
      assert.deepEqual(tutorial.progress('call').reached, ['called']);
    } finally {
      await tutorial.close();
    }
  });
});

describe('lessons 3, 4 and 6 at a server with a defect', () => {
  for (const lesson of [client, authorizeLesson, call]) {
    for (const { id, requirement } of lesson.exercises) {
      it(`${lesson.id}: ${id} isn't verified when ${requirement} is broken`, async () => {
        const defect = findDefect(requirement);
        assert.ok(defect !== undefined);
        const tutorial = await Tutorial.open({ lessons: [lesson], deviations: [defect] });
        try {
          const failed: string[] = [];
          await playAll(tutorial, { mistakes: false }, ({ ok, id: part, message }) => {
            if (!ok) failed.push(`${part}: ${message}`);
          });
          assert.deepEqual(failed, [
            `${id}: Not verified: The server accepted what it must refuse: ${requirement}.`,
          ]);
        } finally {
          await tutorial.close();
        }
      });
    }
  }
});
