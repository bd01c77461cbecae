/** Lesson 9: a client that can keep no secret proves itself by a key that it makes for each flow (PKCE). */
import { lesson } from '../lesson.js';
import { seedClient } from '../steps.js';
import { encodingMistakes } from './encodings.js';
import { challenged, noChallenge, redeemed, registered, wrongVerifier } from './goals.js';
import { flowMistakes } from './mistakes.js';
import { authorizePublic, redeemPublic, registerPublic } from './recipes.js';

export const publicClient = lesson({
  id: 'public',
  part: 'C',
  title: 'An app that can keep no secret',
  minutes: 6,
  story: [
    'An app in a browser, on a phone or on a desktop is in the hands of its users. Whatever stands in it can be read, so it cannot keep a secret.',
    'It makes a fresh one for each flow instead. It takes a random text, the verifier, and sends only its hash with the authorization request: the challenge. When it redeems the code it shows the verifier, and the server compares.',
    'CODE_VERIFIER and CODE_CHALLENGE hold such a pair. You may as well make your own: 32 random bytes in base64url are a good verifier, and its SHA-256 hash in base64url is the challenge.',
  ],
  words: [
    {
      word: 'public client',
      meaning: 'a client without a secret; one with a secret is called confidential',
    },
    {
      word: 'PKCE',
      meaning:
        'Proof Key for Code Exchange, spoken “pixy”: only who began the flow can redeem its code (RFC 7636)',
    },
  ],
  about: ['register', 'authorize', 'decision', 'token'],
  goals: [registered, challenged, redeemed],
  breaks: [wrongVerifier, noChallenge],
  mistakes: [...flowMistakes, ...encodingMistakes],
  hints: [
    'Three requests: the registration with one member changed, the authorization URL with two parameters more, the token request with code_verifier in place of client_secret.',
    'code_challenge is the output of: printf %s "$CODE_VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr "+/" "-_" | tr -d "="; and code_challenge_method is S256 (RFC 7636 §4.2).',
  ],
  solution: [registerPublic, authorizePublic, redeemPublic],
  seed: seedClient,
  play: async (learner) => {
    await learner.sendAll([registerPublic, authorizePublic, redeemPublic]);
  },
  why: [
    'The challenge goes through the browser and tells nothing: nobody can compute the verifier from its hash.',
    'The verifier goes straight to the server, when it is too late to steal the code.',
    'A client with a secret should do the same: PKCE protects the code, the secret tells who redeems it.',
  ],
  production:
    'let a library make the verifier, a new one for each flow, and keep it with the state until the user comes back.',
});
