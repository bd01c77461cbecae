/** The chapter on proof keys (PKCE): a code is worth nothing to who intercepts it. */
import { chapter } from '../requirement.js';
import * as challenge from './challenge.js';
import * as clients from './clients.js';
import * as methods from './offered-methods.js';
import * as verifier from './verifier.js';

export const pkce = chapter({
  id: 'pkce',
  title: 'PKCE',
  scenario:
    'An application that cannot keep a secret makes up a random code_verifier for each sign-in and keeps it to itself. ' +
    'With the authorization request it sends only the code_challenge, a SHA-256 hash of the verifier. ' +
    'The server stores the challenge with the code that it issues. ' +
    'The application redeems the code with the verifier, the server hashes it and compares: ' +
    'whoever only saw the code, or the challenge, gets nothing. ' +
    'The same protects the codes of applications that have a secret, which they still need.',
  modules: [challenge, clients, methods, verifier],
});
