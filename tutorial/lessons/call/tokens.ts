/** Lesson 6, tokens that open nothing here: of another kind, revoked, expired, or never issued. */

import { bearerOf, type ObservedExchange } from '../../watcher/exchange.js';
import { accessTokenIn } from '../access-token.js';
import type { LessonContext, Mistake } from '../lesson.js';
import { authorize, redeem } from '../steps.js';
import {
  callBenefits,
  callUserinfo,
  callWithIdToken,
  carriesIdToken,
  isCall,
  isRevoked,
  scopeNeeded,
} from './requests.js';

/** A call whose token the server doesn't accept. */
const isRefusedToken = (exchange: ObservedExchange): boolean =>
  isCall(exchange) && exchange.error === 'invalid_token';

const idToken: Mistake = {
  id: 'id-token',
  requirement: 'api-id-token-refused',
  find: (exchange, context) =>
    isRefusedToken(exchange) && carriesIdToken(exchange, context)
      ? {
          message:
            'That’s the ID Token. It tells you who signed in, but it doesn’t open anything: send the access_token from the same response.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callWithIdToken);
  },
};

const otherKind: Mistake = {
  id: 'other-token',
  requirement: 'api-refresh-token-refused',
  find: (exchange, context) => {
    const kind = isRefusedToken(exchange) ? kindOf(bearerOf(exchange), context) : null;
    return kind === null
      ? null
      : { message: `That’s ${kind}. The API accepts the access_token from the token response.` };
  },
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer {REFRESH_TOKEN}' } });
  },
};

function kindOf(sent: string | null, { store }: LessonContext): string | null {
  if (store.refreshTokens.some(({ value }) => value === sent))
    return 'the refresh token, which only the token endpoint accepts';
  if (store.codes.some(({ value }) => value === sent))
    return 'the code, which only the token endpoint accepts, once';
  if (store.clients.some(({ client_secret }) => client_secret !== null && client_secret === sent))
    return 'the client’s secret, which only the token endpoint accepts';
  return null;
}

const personal: Mistake = {
  id: 'personal-access-token',
  requirement: 'userinfo-invalid-token',
  find: (exchange, { store }) => {
    const sent = bearerOf(exchange);
    const isPersonal = store.personalAccessTokens.some(({ value }) => value === sent);
    return exchange.endpoint === 'userinfo' && isRefusedToken(exchange) && isPersonal
      ? {
          message:
            'That’s your personal access token. Nobody signed in for it, so userinfo has nothing to say: send the access token you got for the code.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.submit('{ISSUER}/settings/tokens', (fields) => {
      fields.set('comment', 'mine');
      fields.set('scope', 'user:read');
    });
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer {PERSONAL_ACCESS_TOKEN}' } });
  },
};

const ended: Mistake = {
  id: 'token-ended',
  requirement: 'token-code-replay-revokes',
  find: (exchange, context) => {
    const token = accessTokenIn(exchange, context);
    if (!isRefusedToken(exchange) || token === null || !isRevoked(token, context)) return null;
    return {
      message: `This token was revoked. That happens here when its code is sent a second time, as in the previous lesson’s exercise. ${howToGetAnother(token.value, context)}`,
    };
  },
  play: async (learner) => {
    // The previous lesson's code, again.
    await redeem(learner);
    await learner.send(callUserinfo);
  },
};

const expired: Mistake = {
  id: 'token-expired',
  requirement: 'api-expired-token',
  find: (exchange, context) => {
    const token = accessTokenIn(exchange, context);
    if (!isRefusedToken(exchange) || token === null || isRevoked(token, context)) return null;
    return {
      message: `This token has expired: expires_in in the token response said how many seconds it would last. ${howToGetAnother(token.value, context)}`,
    };
  },
  play: async (learner) => {
    const { ACCESS_TOKEN = '' } = await learner.values();
    await learner.age(ACCESS_TOKEN, 864_001);
    await learner.send(callUserinfo);
  },
};

/** The lesson prepared a token of its own, which the learner's shell may not have yet. */
function howToGetAnother(sent: string, context: LessonContext): string {
  const newest = context.store.accessTokens.find(({ value }) => value === context.values.ACCESS_TOKEN);
  return newest !== undefined && newest.value !== sent && !isRevoked(newest, context)
    ? 'The tutorial has a newer one for you: run the eval line again to get a fresh ACCESS_TOKEN.'
    : 'Open the authorization URL again, allow, and redeem the new code; or restart this lesson, which prepares a token.';
}

const unknown: Mistake = {
  id: 'token-unknown',
  requirement: 'api-invalid-token',
  find: (exchange, context) => {
    const sent = bearerOf(exchange) ?? '';
    if (!isRefusedToken(exchange) || accessTokenIn(exchange, context) !== null || isOther(exchange, context))
      return null;
    return ['null', 'undefined', 'None'].includes(sent)
      ? {
          message: `Your program sent the word ${sent} as the token: it looked for access_token in the wrong place. Print the token response’s member names.`,
        }
      : {
          message:
            'This server never issued this token. Did you copy all of it, and did it come from this server? An access token begins with polar_at_.',
        };
  },
  play: async (learner) => {
    const { ACCESS_TOKEN = '' } = await learner.values();
    await learner.send(callUserinfo, { headers: { authorization: `Bearer ${ACCESS_TOKEN.slice(0, -5)}` } });
  },
};

const isOther = (exchange: ObservedExchange, context: LessonContext): boolean =>
  carriesIdToken(exchange, context) ||
  context.store.personalAccessTokens.some(({ value }) => value === bearerOf(exchange));

/** In the exercise on scopes: nothing is refused, because the token has the scope. */
const scopeGranted: Mistake = {
  id: 'scope-granted',
  requirement: 'api-scope-enforced',
  find: (exchange, context) => {
    const needed = scopeNeeded(exchange);
    const isExercise = context.reached.has('called') && !context.reached.has('scope-refused');
    if (exchange.endpoint === 'userinfo' || exchange.status !== 200 || needed === null || !isExercise)
      return null;
    if (accessTokenIn(exchange, context)?.scopes.includes(needed) !== true) return null;
    return {
      message: `This token has ${needed}, which is what the endpoint needs. For this exercise, get a token without it: authorize with scope=openid profile and redeem the code.`,
    };
  },
  play: async (learner) => {
    await learner.open(authorize, { query: { scope: 'openid profile user:read' } });
    await redeem(learner);
    await learner.sendAll([callUserinfo, callBenefits]);
  },
};

export const tokenMistakes: readonly Mistake[] = [
  idToken,
  otherKind,
  personal,
  ended,
  expired,
  unknown,
  scopeGranted,
];
