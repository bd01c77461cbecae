/** The chapter on refresh tokens: what they give, to whom, and how far. */
import { chapter } from '../requirement.js';
import { clientAuth, clientBound } from './client.js';
import { concurrent } from './concurrent.js';
import { afterExpiry, expired } from './expiry.js';
import { idToken } from './id-token.js';
import { publicRotation, reuseRevokes } from './rotation.js';
import { scopeKept, scopeNarrower, scopeWider } from './scope.js';
import { accessTokenRefused, invalid, works } from './works.js';

export const refresh = chapter({
  id: 'refresh',
  title: 'Refresh tokens',
  story:
    'The access token is about to expire, and Alice is not there. ' +
    'The application posts its refresh token to the token endpoint and authenticates as before. ' +
    'The server compares the client with the one that the token was issued to and the scope with the one that ' +
    'Alice granted, and answers with a new access token, as a rule with a new refresh token as well.',
  requirements: [
    works,
    publicRotation,
    reuseRevokes,
    concurrent,
    scopeNarrower,
    scopeWider,
    clientBound,
    clientAuth,
    invalid,
    expired,
    afterExpiry,
    accessTokenRefused,
    idToken,
    scopeKept,
  ],
});
