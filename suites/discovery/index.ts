/** The chapter on what a client may rely on before it sends anything. */
import { chapter } from '../requirement.js';
import { document, issuerMatch, requiredMembers, stable } from './document.js';
import { jwks, keySize, publicOnly } from './keys.js';
import { endpointsHttps, pkceMethods, scopeOpenid, signingAlgs } from './members.js';

export const discovery = chapter({
  id: 'discovery',
  title: 'Discovery',
  story:
    'An application knows nothing of the server but its issuer. It appends /.well-known/openid-configuration, fetches ' +
    'the document, sees that it speaks of that very issuer, and takes every address and every choice from it. Then it ' +
    'fetches the public keys by which it will verify who has signed in.',
  requirements: [
    document,
    issuerMatch,
    requiredMembers,
    endpointsHttps,
    signingAlgs,
    scopeOpenid,
    pkceMethods,
    stable,
    jwks,
    publicOnly,
    keySize,
  ],
});
