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
  statement: 'A wrong token_type_hint does not keep the token from being found.',
  how:
    'A grant is refreshed (200), and its newest refresh token posted with token_type_hint=access_token. Expected: ' +
    '200, and then 400, invalid_grant and no tokens for its use. A parallel grant that was not revoked still ' +
    'refreshes. The same for an access token with token_type_hint=refresh_token, at userinfo, where access tokens are ' +
    "revoked without a hint. The client is the check's own, as its grant ends.",
  hint: 'Where the token is not found among the hinted kind, look among the others.',
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
    'A grant is refreshed (200), and its newest refresh token posted with token_type_hint=no_such_type. Expected: ' +
    '200, and then 400, invalid_grant and no tokens for its use. A parallel grant that was not revoked still ' +
    "refreshes. The same for an access token at userinfo. The client is the check's own, as its grant ends.",
  hint: 'Treat an unknown hint as if none had come.',
  serial: true,
  async check(context) {
    await judgeRevocation(context, 'no_such_type');
    await judgeAccessRevocation(context, 'no_such_type');
  },
});
