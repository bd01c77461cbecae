/** Mistakes in the lesson on attacks. */
import type { Mistake } from '../lesson.js';
import { authorize, seedClient } from '../steps.js';
import { atCallback, isInjection, isOnThisMachine, isSignedInByOther, redirectIn } from './matchers.js';
import { inject, seedAttackerCode, swapRedirect } from './steps.js';

const elsewhere: Mistake = {
  id: 'not-this-machine',
  requirement: 'authz-redirect-unregistered',
  find: (exchange, context) => {
    const redirect = redirectIn(exchange, context);
    return redirect !== null && !isOnThisMachine(redirect.sent)
      ? {
          message:
            'This lesson stays on this machine: other addresses don’t count. Use your own server in the tutorial.',
          expected: context.values.ATTACKER_URI ?? '',
          sent: redirect.sent.href,
        }
      : null;
  },
  play: async (learner) => {
    await learner.open(swapRedirect, { query: { redirect_uri: 'https://attacker.example/callback' } });
  },
};

const ownLogin: Mistake = {
  id: 'own-login',
  requirement: 'authz-state-echo',
  find: (exchange, context) => {
    const seen = atCallback(exchange, context);
    // With the comparison on, it is fine that an ordinary sign-in still works.
    return seen?.state === 'matched' && !seen.compares
      ? {
          message:
            'That was an ordinary sign-in: the same browser started it and came back. Bring the code in a browser that didn’t start it, or with curl, which has no cookies, and leave state out.',
        }
      : null;
  },
  play: async (learner) => {
    const login = await learner.send({ note: 'begin', method: 'GET', url: '{VICTIM}/login' });
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const start = new URL(login.headers.get('location') ?? '');
    const end = await learner.open(
      { ...swapRedirect, query: Object.fromEntries(start.searchParams) },
      { decision: { stop: true } },
    );
    await learner.send(
      {
        note: 'come back',
        method: 'GET',
        url: '{VICTIM_CALLBACK}',
        query: Object.fromEntries(end.searchParams),
      },
      { headers: { cookie } },
    );
  },
};

const notCompared: Mistake = {
  id: 'comparison-off',
  requirement: 'authz-state-echo',
  find: (exchange, context) => {
    const seen = atCallback(exchange, context);
    return seen !== null &&
      !seen.compares &&
      isInjection(seen) &&
      context.past.some((one) => isSignedInByOther(one, context))
      ? {
          message:
            'The victim’s app still accepts every code. Turn on its comparison of state first: click “Compare state” on the page /victim, or POST compare=yes to /victim/compare-state.',
        }
      : null;
  },
  play: (learner) => learner.sendAll([inject, inject]),
};

const foreignCode: Mistake = {
  id: 'code-of-another-client',
  requirement: 'token-code-client-bound',
  find: (exchange, context) => {
    const seen = atCallback(exchange, context);
    const code = context.store.codes.find(({ value }) => value === seen?.code);
    const { VICTIM_CLIENT_ID } = context.values;
    return exchange.status === 400 && code !== undefined && code.client_id !== VICTIM_CLIENT_ID
      ? {
          message:
            'This code was issued to another client, so the victim’s app can’t redeem it. Use a code you got with that app’s client_id: the variable CODE has one.',
          expected: VICTIM_CLIENT_ID ?? '',
          sent: code.client_id,
        }
      : null;
  },
  play: async (learner) => {
    await seedClient(learner);
    await learner.open(authorize);
    await learner.send(inject);
  },
};

const staleCode: Mistake = {
  id: 'code-stale',
  requirement: 'token-code-expires',
  find: (exchange, context) => {
    const seen = atCallback(exchange, context);
    const code = context.store.codes.find(({ value }) => value === seen?.code);
    return exchange.status === 400 && code !== undefined && code.client_id === context.values.VICTIM_CLIENT_ID
      ? {
          message:
            'The victim’s app tried to redeem this code, but it was used already or is older than ten minutes. Restart the lesson for a fresh one.',
        }
      : null;
  },
  play: async (learner) => {
    await seedAttackerCode(learner);
    const { CODE = '' } = await learner.values();
    await learner.age(CODE, 601);
    await learner.send(inject);
  },
};

const noCode: Mistake = {
  id: 'code-missing',
  requirement: 'authz-code-response',
  find: (exchange, context) => {
    const seen = atCallback(exchange, context);
    return seen !== null && seen.code === null
      ? { message: 'The callback received no code. Append ?code= and your code to its address.' }
      : null;
  },
  play: async (learner) => {
    await learner.send({ note: inject.note, method: 'GET', url: inject.url });
  },
};

export const mistakes: readonly [Mistake, ...Mistake[]] = [
  elsewhere,
  ownLogin,
  notCompared,
  foreignCode,
  staleCode,
  noCode,
];
