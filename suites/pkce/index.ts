/** The chapter on proof keys (PKCE): a code is worth nothing to who intercepts it. */
import { chapter } from '../requirement.js';
import * as challenge from './challenge.js';
import * as clients from './clients.js';
import * as offeredMethods from './offered-methods.js';
import * as verifier from './verifier.js';

export const pkce = chapter({
  id: 'pkce',
  title: 'PKCE',
  scenario:
    "An application that can't keep a secret makes up a random code_verifier for each sign-in and keeps it " +
    'to itself. In the authorization request it sends only the code_challenge, a SHA-256 hash of the ' +
    'verifier. The server stores the challenge with the code. The application exchanges the code with the ' +
    'verifier, and the server hashes it and compares. Anyone who only saw the code or the challenge gets ' +
    'nothing. Applications with a secret use it too, and still need their secret.',
  modules: [challenge, clients, offeredMethods, verifier],
});
