/** token_type_hint, which helps the server to search and decides nothing. */
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { judgeAccessRevocation, judgeRevocation } from './effect.js';

export const hintWrong = requirement({
  id: 'revoke-hint-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'refresh'],
  statement: "A wrong token_type_hint doesn't keep the server from finding the token.",
  how:
    'Refreshes a grant (200) and posts its newest refresh token with token_type_hint=access_token. Expects ' +
    '200, and then 400, invalid_grant and no tokens for that token. A parallel grant still refreshes. The ' +
    'same for an access token with token_type_hint=refresh_token, at userinfo, if access tokens are ' +
    'revoked without a hint.',
  hint: "If you don't find the token among the hinted kind, look among the others.",
  serial: true,
  async check(context) {
    await judgeRevocation(context, 'access_token');
    await judgeAccessRevocation(context, 'refresh_token');
  },
});

export const hintUnknown = requirement({
  id: 'revoke-hint-unknown',
  level: 'SHOULD',
  levelReason: 'The clause says so with no keyword.',
  profile: 'oauth',
  clauses: [rfc(7009, '2.2'), rfc(7009, '2.1')],
  needs: ['revocation', 'client', 'user', 'refresh'],
  statement: 'An unknown token_type_hint is ignored.',
  how:
    'Refreshes a grant (200) and posts its newest refresh token with token_type_hint=no_such_type. Expects ' +
    '200, and then 400, invalid_grant and no tokens for that token. A parallel grant still refreshes. The ' +
    'same for an access token, at userinfo.',
  hint: 'Treat an unknown hint as if none had come.',
  serial: true,
  async check(context) {
    await judgeRevocation(context, 'no_such_type');
    await judgeAccessRevocation(context, 'no_such_type');
  },
});
