/** A client that can't keep a secret proves itself with a key it makes for each flow (PKCE). */
import { lesson } from '../lesson.js';
import { authorizeSteps, tokenSteps } from '../picture.js';
import { seedClient } from '../steps.js';
import { encodingMistakes } from './encodings.js';
import { challenged, noChallenge, redeemed, registered, wrongVerifier } from './goals.js';
import { flowMistakes } from './mistakes.js';
import { authorizePublic, redeemPublic, registerPublic } from './recipes.js';

export const publicClient = lesson({
  id: 'public',
  part: 'C',
  title: 'An app that can’t keep a secret',
  minutes: 6,
  story: [
    'An app in a browser, on a phone or on a desktop is in the hands of its users. They can read anything inside it, so it can’t keep a secret.',
    'Instead it makes a fresh secret for each flow. It creates a random string, the verifier, and sends only its hash, the challenge, with the authorization request. When it redeems the code it shows the verifier, and the server compares.',
    'CODE_VERIFIER and CODE_CHALLENGE are such a pair. Or make your own: 32 random bytes in base64url are a good verifier, and its SHA-256 hash in base64url is the challenge.',
  ],
  words: [
    {
      word: 'public client',
      meaning: 'a client without a secret; a client with one is called confidential',
    },
    {
      word: 'PKCE',
      meaning:
        'Proof Key for Code Exchange, pronounced “pixy”: only the app that started the flow can redeem its code (RFC 7636)',
    },
  ],
  about: ['register', 'authorize', 'decision', 'token'],
  picture: [
    ...authorizeSteps('authorization request, challenge'),
    ...tokenSteps('authorization_code', 'code, verifier, no secret', 'access, refresh, ID Token'),
  ],
  goals: [registered, challenged, redeemed],
  exercises: [wrongVerifier, noChallenge],
  mistakes: [...flowMistakes, ...encodingMistakes],
  hints: [
    'Three requests: the registration with one member changed, the authorization URL with two more parameters, the token request with code_verifier instead of client_secret.',
    'code_challenge is the output of: printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr "+/" "-_" | tr -d "="; and code_challenge_method is S256 (RFC 7636 §4.2).',
  ],
  solution: [registerPublic, authorizePublic, redeemPublic],
  seed: seedClient,
  play: async (learner) => {
    await learner.sendAll([registerPublic, authorizePublic, redeemPublic]);
  },
  why: [
    'The challenge goes through the browser and gives nothing away: nobody can compute the verifier from its hash.',
    'The verifier goes straight to the server, together with the code, when it’s too late to steal either.',
    'A client with a secret should use PKCE too: PKCE protects the code; the secret says who redeems it.',
  ],
  production:
    'let a library make a new verifier for each flow, and keep it with the state until the user comes back.',
});
