/** Lesson 6, tokens that open nothing here: of another kind, ended, expired, or never issued. */

import { bearerOf, type Seen } from '../../watcher/seen.js';
import { accessTokenIn } from '../access-token.js';
import type { Mistake, Scene } from '../lesson.js';
import { authorize, redeem } from '../steps.js';
import {
  callBenefits,
  callUserinfo,
  callWithIdToken,
  carriesIdToken,
  hasEnded,
  isCall,
  scopeNeeded,
} from './sent.js';

/** A call whose token the server does not take. */
const isRefusedToken = (exchange: Seen): boolean => isCall(exchange) && exchange.error === 'invalid_token';

const idToken: Mistake = {
  id: 'id-token',
  requirement: 'api-id-token-refused',
  find: (exchange, scene) =>
    isRefusedToken(exchange) && carriesIdToken(exchange, scene)
      ? {
          message:
            'That is the ID Token. It tells you who logged in, and it opens no door: send the access_token of the same answer.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callWithIdToken);
  },
};

const otherKind: Mistake = {
  id: 'other-token',
  requirement: 'api-refresh-token-refused',
  find: (exchange, scene) => {
    const kind = isRefusedToken(exchange) ? kindOf(bearerOf(exchange), scene) : null;
    return kind === null
      ? null
      : { message: `That is ${kind}. The API takes the access_token of the token response.` };
  },
  play: async (learner) => {
    await learner.send(callUserinfo, { headers: { authorization: 'Bearer {REFRESH_TOKEN}' } });
  },
};

function kindOf(sent: string | null, { store }: Scene): string | null {
  if (store.refreshTokens.some(({ value }) => value === sent))
    return 'the refresh token, which only the token endpoint takes';
  if (store.codes.some(({ value }) => value === sent))
    return 'the code, which only the token endpoint takes, once';
  if (store.clients.some(({ client_secret }) => client_secret !== null && client_secret === sent))
    return 'the secret of the client, which only the token endpoint takes';
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
            'That is your personal access token. Nobody signed in for it, so userinfo has nothing to tell: send the access token that came of the code.',
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
  find: (exchange, scene) => {
    const token = accessTokenIn(exchange, scene);
    if (!isRefusedToken(exchange) || token === null || !hasEnded(token, scene)) return null;
    return {
      message: `This token has been ended. That happens here when its code is sent a second time, as in the exercise of the lesson before. ${howToGetAnother(token.value, scene)}`,
    };
  },
  play: async (learner) => {
    // The code of the lesson before, once more.
    await redeem(learner);
    await learner.send(callUserinfo);
  },
};

const expired: Mistake = {
  id: 'token-expired',
  requirement: 'api-expired-token',
  find: (exchange, scene) => {
    const token = accessTokenIn(exchange, scene);
    if (!isRefusedToken(exchange) || token === null || hasEnded(token, scene)) return null;
    return {
      message: `This token has expired: expires_in of the token response said how many seconds it would live. ${howToGetAnother(token.value, scene)}`,
    };
  },
  play: async (learner) => {
    const { ACCESS_TOKEN = '' } = await learner.values();
    await learner.age(ACCESS_TOKEN, 864_001);
    await learner.send(callUserinfo);
  },
};

/** The lesson has prepared a token of its own, which the learner's shell may not have yet. */
function howToGetAnother(sent: string, scene: Scene): string {
  const newest = scene.store.accessTokens.find(({ value }) => value === scene.values.ACCESS_TOKEN);
  return newest !== undefined && newest.value !== sent && !hasEnded(newest, scene)
    ? 'The tutorial has a newer one for you: take ACCESS_TOKEN anew.'
    : 'Open the authorization URL again, allow, and redeem the new code; or begin this lesson anew, which prepares a token.';
}

const unknown: Mistake = {
  id: 'token-unknown',
  requirement: 'api-invalid-token',
  find: (exchange, scene) => {
    const sent = bearerOf(exchange) ?? '';
    if (!isRefusedToken(exchange) || accessTokenIn(exchange, scene) !== null || isOther(exchange, scene))
      return null;
    return ['null', 'undefined', 'None'].includes(sent)
      ? {
          message: `Your program sent the word ${sent} as token: it looked for access_token where it is not. Print the names of the members of the token response.`,
        }
      : {
          message:
            'No such token was ever issued here. Was it copied whole, and does it come from this server? An access token begins with polar_at_.',
        };
  },
  play: async (learner) => {
    const { ACCESS_TOKEN = '' } = await learner.values();
    await learner.send(callUserinfo, { headers: { authorization: `Bearer ${ACCESS_TOKEN.slice(0, -5)}` } });
  },
};

const isOther = (exchange: Seen, scene: Scene): boolean =>
  carriesIdToken(exchange, scene) ||
  scene.store.personalAccessTokens.some(({ value }) => value === bearerOf(exchange));

/** In the exercise on scopes: nothing is refused, as the token has the scope. */
const scopeGranted: Mistake = {
  id: 'scope-granted',
  requirement: 'api-scope-enforced',
  find: (exchange, scene) => {
    const needed = scopeNeeded(exchange);
    const isExercise = scene.reached.has('called') && !scene.reached.has('scope-refused');
    if (exchange.endpoint === 'userinfo' || exchange.status !== 200 || needed === null || !isExercise)
      return null;
    if (accessTokenIn(exchange, scene)?.scopes.includes(needed) !== true) return null;
    return {
      message: `This token was granted ${needed}, which is what the endpoint asks for. For the exercise take a token without it: authorize with scope=openid profile and redeem the code.`,
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
