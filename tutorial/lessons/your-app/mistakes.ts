/** Mistakes of the learner's app, and what it leaves out although everything works. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import { authorize, exchangeCode } from '../steps.js';
import { codeIssued, isByHand, isRedemption, isRepeated } from './goals.js';
import { authorizeApp, registerApp } from './steps.js';

const PROTECTIONS = ['state', 'nonce', 'code_challenge'] as const;
type Protection = (typeof PROTECTIONS)[number];

/** The protections missing from the request whose code was just issued. */
function absentIn(exchange: ObservedExchange): readonly Protection[] {
  if (codeIssued(exchange) === null) return [];
  return PROTECTIONS.filter((name) => (exchange.url.searchParams.get(name) ?? '') === '');
}

/** @param loss what an attacker gains without it, and what to do */
const absent = (name: Protection, id: string, requirement: string, loss: string): Mistake => ({
  id,
  requirement,
  find: (exchange) => {
    const [first, ...others] = absentIn(exchange);
    if (first !== name) return null;
    const more = others.length === 0 ? '' : ` Also missing: ${others.join(' and ')}.`;
    return { message: `The login works, but ${name} is missing. ${loss}${more}` };
  },
  play: async (learner) => {
    await learner.send(registerApp);
    // A method with no challenge would be refused.
    const method = name === 'code_challenge' ? { code_challenge_method: null } : {};
    await learner.open(authorizeApp, { query: { [name]: null, ...method }, decision: { stop: true } });
  },
});

const stateMissing = absent(
  'state',
  'state-missing',
  'authz-state-echo',
  'Anyone who sends your user a link with their own code signs the user in to the attacker’s account, as in the lesson on attacks. Create a random state for each sign-in, keep it in the browser session, and compare.',
);

const nonceMissing = absent(
  'nonce',
  'nonce-missing',
  'idtoken-nonce',
  'An ID Token from another sign-in, stolen or replayed, looks like the response to this one. Send a random nonce and compare it with the claim in the ID Token.',
);

const challengeMissing = absent(
  'code_challenge',
  'challenge-missing',
  'pkce-confidential',
  'Anyone who intercepts the code can have your app redeem it in their own browser. Send an S256 code_challenge, and the code_verifier with the code.',
);

const stateRepeated: Mistake = {
  id: 'state-repeated',
  requirement: 'authz-state-echo',
  find: (exchange, { past }) =>
    codeIssued(exchange) !== null && isRepeated(exchange.url.searchParams.get('state') ?? '', past)
      ? {
          message:
            'This state was used in an earlier sign-in. Anyone who saw that one knows it now: create a new random state each time.',
        }
      : null,
  play: async (learner) => {
    await learner.send(registerApp);
    await learner.open(authorizeApp, { decision: { stop: true } });
    await learner.send(exchangeCode, {
      form: { code_verifier: '{CODE_VERIFIER}' },
      headers: { 'user-agent': 'an-app/1' },
    });
    await learner.open(authorizeApp, { decision: { stop: true } });
  },
};

const byHand: Mistake = {
  id: 'by-hand',
  requirement: 'token-exchange',
  find: (exchange) =>
    isRedemption(exchange) && isByHand(exchange)
      ? {
          message:
            'This request was right, but you sent it by hand. In this lesson your app sends it: start the app, open its address in a browser and sign in there.',
          expected: 'an app’s user agent',
          sent: exchange.headers['user-agent'] ?? '',
        }
      : null,
  play: async (learner) => {
    await learner.send(registerApp);
    await learner.open(authorizeApp, { decision: { stop: true } });
    await learner.send(exchangeCode, { form: { code_verifier: '{CODE_VERIFIER}' } });
  },
};

const unregistered: Mistake = {
  id: 'redirect-uri-unregistered',
  requirement: 'authz-redirect-unregistered',
  find: (exchange, { store }) => {
    if (exchange.endpoint !== 'authorize' || exchange.rule !== 'redirectUriMatches') return null;
    const { searchParams } = exchange.url;
    const client = store.clients.find(({ client_id }) => client_id === searchParams.get('client_id'));
    return {
      message:
        'Your app’s redirect_uri isn’t registered for this client. Register a client with the address your app listens at.',
      expected: client?.redirect_uris[0] ?? '',
      sent: searchParams.get('redirect_uri') ?? '',
    };
  },
  play: async (learner) => {
    await learner.send(registerApp);
    await learner.open(authorize, { query: { redirect_uri: '{APP}/signed-in' } });
  },
};

export const mistakes: readonly [Mistake, ...Mistake[]] = [
  stateMissing,
  nonceMissing,
  challengeMissing,
  stateRepeated,
  byHand,
  unregistered,
];
