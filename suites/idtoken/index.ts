/** The chapter on the token that tells the application who has signed in. */
import { chapter } from '../requirement.js';
import { atHash, aud, exp, iat, iss } from './claims.js';
import { authTime, nonce, nonceUnsent } from './request.js';
import { algNone, kid, signature } from './signature.js';
import { sub } from './subject.js';

export const idtoken = chapter({
  id: 'idtoken',
  title: 'ID Token',
  story:
    'The application has exchanged a code and holds an ID Token. It verifies the signature with a published key, then ' +
    'reads that its own provider issued the token, for this very application, about a person whom it will know again, ' +
    'just now, and in answer to its own request. Only then it says: Alice has signed in.',
  requirements: [signature, algNone, kid, iss, aud, sub, exp, iat, nonce, atHash, authTime, nonceUnsent],
});
