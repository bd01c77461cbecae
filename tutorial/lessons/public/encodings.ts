/**
 * Slips with the hash and its encoding. The challenge that the verifier gives is computed and shown next to the one
 * that was sent. Challenges aren't secret; verifiers are, and are never shown.
 */
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { Finding, LessonContext, Mistake } from '../lesson.js';
import { challengeOf, isOfLine, isUnhashed, type Misspelling, misspellingOf } from './challenge.js';
import {
  arrive,
  authorizePublic,
  isAuthorization,
  proofOf,
  redeemPublic,
  registerPublic,
} from './recipes.js';

const WHAT_TO_DO: Readonly<Record<Misspelling['how'], string>> = {
  hex: 'That’s the hash in hexadecimal digits. Encode its 32 bytes in base64url: let the hash tool write bytes (openssl dgst -sha256 -binary).',
  base64:
    'That’s ordinary base64. In base64url, - replaces + and _ replaces /, and there is no = at the end.',
  newline: 'There is whitespace around it: write it with printf %s, because echo adds a line end.',
};

/** In the authorization request, judged by its form; in the token request, judged by what the verifier gives. */
function misspelt(
  how: Misspelling['how'],
  exchange: ObservedExchange,
  context: LessonContext,
): Finding | null {
  if (isAuthorization(exchange)) {
    const sent = exchange.url.searchParams.get('code_challenge') ?? '';
    const found = misspellingOf(sent);
    const method = exchange.url.searchParams.get('code_challenge_method');
    if (found?.how !== how || method !== 'S256' || sent === context.values.CODE_VERIFIER) return null;
    const { expected } = found;
    // Whitespace is shown as it is encoded in the URL.
    const shown = how === 'newline' ? encodeURIComponent(sent) : sent;
    return {
      message: `Your hash gives ${expected}; you sent ${shown}. ${WHAT_TO_DO[how]}`,
      expected,
      sent: shown,
    };
  }
  const proof = differing(exchange, context);
  if (proof === null || misspellingOf(proof.sent)?.how !== how) return null;
  return misspellingOf(proof.sent)?.expected === proof.expected
    ? { ...proof, message: `${gives(proof)} ${WHAT_TO_DO[how]}` }
    : null;
}

interface Differing {
  /** What the verifier gives. */
  readonly expected: string;
  /** The challenge of the authorization request. */
  readonly sent: string;
}

/** What to compare, where the server found that the verifier doesn't match. */
function differing(exchange: ObservedExchange, context: LessonContext): Differing | null {
  const proof = proofOf(exchange, context);
  return exchange.rule === 'verifierMatches' && proof !== null
    ? { expected: challengeOf(proof.verifier), sent: proof.challenge }
    : null;
}

const gives = ({ expected, sent }: Differing): string => `Your verifier gives ${expected}; you sent ${sent}.`;

const hex: Mistake = {
  id: 'challenge-hex',
  requirement: 'pkce-s256',
  find: (exchange, context) => misspelt('hex', exchange, context),
  play: async (learner) => {
    const { CODE_CHALLENGE = '' } = await learner.values();
    await arrive(learner, Buffer.from(CODE_CHALLENGE, 'base64url').toString('hex'));
    await learner.send(redeemPublic);
  },
};

const base64: Mistake = {
  id: 'challenge-base64',
  requirement: 'pkce-s256',
  find: (exchange, context) => misspelt('base64', exchange, context),
  play: async (learner) => {
    const { CODE_CHALLENGE = '' } = await learner.values();
    await learner.send(registerPublic);
    await learner.send(authorizePublic, {
      query: { code_challenge: Buffer.from(CODE_CHALLENGE, 'base64url').toString('base64') },
    });
  },
};

const newline: Mistake = {
  id: 'newline',
  requirement: 'pkce-s256',
  find: (exchange, context) => {
    const verifier = exchange.form.get('code_verifier') ?? '';
    if (exchange.rule === 'verifierSyntax' && verifier !== verifier.trim()) {
      return {
        message:
          'code_verifier has whitespace around it, such as the line end that echo adds. Write it with printf %s, and make a new challenge from the bare verifier.',
      };
    }
    const proof = differing(exchange, context);
    if (proof === null || !isOfLine(proof.sent, verifier)) return misspelt('newline', exchange, context);
    return {
      ...proof,
      message: `${gives(proof)} That’s the hash of the verifier plus a line end: write the verifier with printf %s, because echo adds one.`,
    };
  },
  play: async (learner) => {
    const { CODE_VERIFIER = '' } = await learner.values();
    await arrive(learner, challengeOf(`${CODE_VERIFIER}\n`));
    await learner.send(redeemPublic);
  },
};

const short: Mistake = {
  id: 'verifier-length',
  requirement: 'pkce-verifier-syntax',
  find: (exchange, context) => {
    const verifier = proofOf(exchange, context)?.verifier.trim() ?? '';
    if (exchange.rule !== 'verifierSyntax' || (verifier.length >= 43 && verifier.length <= 128)) return null;
    return {
      message: `Your verifier has ${verifier.length} characters; it needs 43 to 128, because a short one can be guessed. Make a new one from 32 random bytes in base64url, and a new challenge from it.`,
    };
  },
  play: async (learner) => {
    const { CODE_VERIFIER = '' } = await learner.values();
    const verifier = CODE_VERIFIER.slice(0, 42);
    await arrive(learner, challengeOf(verifier));
    await learner.send(redeemPublic, { form: { code_verifier: verifier } });
  },
};

const unhashed: Mistake = {
  id: 'challenge-unhashed',
  requirement: 'pkce-s256',
  find: (exchange, context) => {
    const proof = proofOf(exchange, context);
    return proof !== null &&
      exchange.rule === 'verifierMatches' &&
      isUnhashed(proof.challenge, proof.verifier)
      ? {
          message: `Your verifier gives ${challengeOf(proof.verifier)}; you sent the verifier itself. With S256 the challenge is its hash.`,
        }
      : null;
  },
  play: async (learner) => {
    await arrive(learner, '{CODE_VERIFIER}');
    await learner.send(redeemPublic);
  },
};

const differs: Mistake = {
  id: 'challenge-differs',
  requirement: 'pkce-verifier-wrong',
  find: (exchange, context) => {
    const proof = differing(exchange, context);
    return proof === null
      ? null
      : {
          ...proof,
          message: `${gives(proof)} Each authorization request has its own verifier: keep it until the code comes back, and send that one.`,
        };
  },
  play: async (learner) => {
    await arrive(learner, challengeOf('the-verifier-of-another-authorization-request'));
    await learner.send(redeemPublic);
  },
};

/** The most general one comes last. */
export const encodingMistakes = [hex, base64, short, newline, unhashed, differs] as const;
