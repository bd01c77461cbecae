/** How a session ends: revocation (RFC 7009), and how an API learns of it: introspection (RFC 7662). */
import { lesson } from '../lesson.js';
import type { PictureStep } from '../picture.js';
import { seedTokens } from '../steps.js';
import { exercises, goals, solution } from './goals.js';
import { mistakes } from './mistakes.js';
import { isIntrospection, isRevocation, readActive } from './requests.js';

const picture: readonly PictureStep[] = [
  {
    from: 'client',
    to: 'server',
    label: 'introspect: access token',
    matches: (one) => readActive(one) === true,
  },
  { from: 'server', to: 'client', label: 'active: true', matches: (one) => readActive(one) === true },
  { from: 'client', to: 'server', label: 'revoke: refresh token', matches: isRevocation },
  { from: 'server', to: 'client', label: '200, nothing else', matches: isRevocation, isResponse: true },
  {
    from: 'client',
    to: 'server',
    label: 'introspect: access token',
    matches: (one) => isIntrospection(one) && readActive(one) === false,
  },
  { from: 'server', to: 'client', label: 'active: false', matches: (one) => readActive(one) === false },
];

export const revoke = lesson({
  id: 'revoke',
  part: 'C',
  title: 'Sign out: revoke tokens',
  minutes: 4,
  story: [
    'When a user signs out of your app, or deletes it, its tokens should stop working at once, not only when they expire. Your client tells the server: it POSTs a token to the revocation endpoint.',
    'An API that receives a token can’t see whether it was revoked. It asks the introspection endpoint, which answers active: true with the details of the token, or active: false and nothing else.',
    'The tutorial has signed Alice in for you: ACCESS_TOKEN and REFRESH_TOKEN are fresh (run the eval line). Ask about the access token, revoke the refresh token, and ask again. Both requests are forms with a field called token, and client_id and client_secret.',
  ],
  words: [
    { word: 'revocation', meaning: 'telling the server that a token must stop working (RFC 7009)' },
    {
      word: 'introspection',
      meaning: 'asking the server whether a token works, and what it may do (RFC 7662)',
    },
  ],
  about: ['revoke', 'introspect', 'userinfo', 'token'],
  picture,
  goals,
  exercises,
  mistakes,
  hints: [
    'Three POSTs: to the introspection endpoint, to the revocation endpoint, and to the introspection endpoint again.',
    'The form has token (the value of the token), client_id and client_secret (RFC 7009 §2.1, RFC 7662 §2.1).',
  ],
  solution,
  seed: seedTokens,
  play: (learner) => learner.sendAll(solution),
  why: [
    'A token is good until it expires or is revoked. Revocation is for the cases that can’t wait: sign-out, a lost phone, a leaked token.',
    'Revoke the refresh token: it’s the one that lives long, and the server revokes the access tokens along with it.',
    'Introspection asks the server each time, so it always knows. Checking a signed token offline is faster, but blind to revocation.',
  ],
  production:
    'revoke the refresh token when the user signs out, delete your copies of the tokens whatever the server answers, and let an API cache an introspection response for seconds, not hours.',
});
