/** Tests a learner's verifier: whether it accepts the valid ID Tokens and rejects each altered one. */
import { type Outcome, runCommand } from './command.js';
import type { TokenKind, TokensToVerify } from './tokens.js';

/** The result for one token. */
export interface VerifyLine {
  readonly kind: TokenKind;
  readonly ok: boolean;
  /** One sentence: what the verifier did, and if that was wrong, the step it leaves out. */
  readonly text: string;
}

export interface VerifyResult {
  /** 0: right about every token; 1: wrong about some; 2: it could not be run. */
  readonly exitCode: 0 | 1 | 2;
  /** One sentence about the result. */
  readonly message: string;
  /** One per token that was tried. */
  readonly lines: readonly VerifyLine[];
}

export interface VerifyOptions {
  /** Time limit for each token, in milliseconds. */
  readonly limitMs?: number;
  /** Ends it early; then the promise rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Called as each token is done. */
  readonly onLine?: (line: VerifyLine) => void;
}

/** Programs that compile at startup take a moment. */
const LIMIT_MS = 15_000;

const CLAUSE = 'OpenID Connect Core 1.0 §3.1.3.7';

/** What each token is, worded to follow “a token”, and what to do so that the verifier rejects it. */
const ABOUT: Readonly<
  Record<TokenKind, { readonly what: string; readonly step: string; readonly todo: string }>
> = {
  good: { what: 'that is valid', step: '', todo: '' },
  'audience-list': {
    what: 'whose aud is a list with your client_id in it',
    step: 'step 3',
    todo: 'aud may be a string or a list of strings: look for your client_id in either',
  },
  signature: {
    what: 'whose claims were changed after it was signed',
    step: 'step 6',
    todo: 'verify the signature with the key from JWKS_URI that the header’s kid names',
  },
  'alg-none': {
    what: 'that isn’t signed (alg is none)',
    step: 'steps 6 and 7',
    todo: 'accept only the algorithm you expect, RS256, whatever the header says',
  },
  iss: {
    what: 'that names another issuer',
    step: 'step 2',
    todo: 'compare iss with ISSUER, character by character',
  },
  aud: {
    what: 'that was issued to another client',
    step: 'step 3',
    todo: 'look for CLIENT_ID in aud',
  },
  exp: {
    what: 'that expired two hours ago',
    step: 'step 9',
    todo: 'the current time must be before exp; allow a few minutes at most for clocks that differ',
  },
  'old-key': {
    what: 'signed with the old key, which is still published',
    step: 'step 6',
    todo: 'fetch every key from JWKS_URI, and choose by kid',
  },
  'unknown-kid': {
    what: 'whose kid is not published',
    step: 'step 6',
    todo: 'use only keys from JWKS_URI, and reject a kid that isn’t there even after you fetched them again',
  },
  'borrowed-kid': {
    what: 'signed by an attacker who copied a published kid',
    step: 'step 6',
    todo: 'a matching kid proves nothing: verify the signature with that key',
  },
  nonce: {
    what: 'with the nonce of another request',
    step: 'step 11',
    todo: 'compare nonce with the one you sent',
  },
};

const isGood = (kind: TokenKind): boolean =>
  kind === 'good' || kind === 'audience-list' || kind === 'old-key';

/**
 * Runs the command once for each token: the token on standard input, ISSUER, CLIENT_ID, NONCE and JWKS_URI in the
 * environment. Exit code 0 means “accepted”.
 */
export async function verifyWith(
  command: readonly string[],
  given: TokensToVerify,
  { limitMs = LIMIT_MS, signal, onLine }: VerifyOptions = {},
): Promise<VerifyResult> {
  if (command.length === 0 || command[0] === '') {
    return failed('Name your verifier’s command: tutorial verify-with -- COMMAND.', []);
  }
  const env = {
    ISSUER: given.issuer,
    CLIENT_ID: given.clientId,
    NONCE: given.nonce,
    JWKS_URI: given.jwksUri,
  };
  const lines: VerifyLine[] = [];
  for (const { kind, token } of given.tokens) {
    const run = { command, token, env, limitMs, ...(signal === undefined ? {} : { signal }) };
    const outcome = await runCommand(run);
    const problem = problemOf(outcome, kind, limitMs);
    if (problem !== null) return failed(problem, lines);
    const accepted = outcome.kind === 'ended' && outcome.code === 0;
    const line = lineOf(kind, accepted);
    lines.push(line);
    onLine?.(line);
    if (kind === 'good' && !accepted) return { exitCode: 1, message: refusedGood(outcome), lines };
  }
  const wrong = lines.filter(({ ok }) => !ok).length;
  return wrong === 0
    ? { exitCode: 0, message: 'Your verifier is right about every token.', lines }
    : { exitCode: 1, message: `Your verifier is wrong about ${wrong} of ${lines.length} tokens.`, lines };
}

const failed = (message: string, lines: readonly VerifyLine[]): VerifyResult => ({
  exitCode: 2,
  message,
  lines,
});

function problemOf(outcome: Outcome, kind: TokenKind, limitMs: number): string | null {
  if (outcome.kind === 'not-started') {
    return `The command could not be started (${outcome.reason}). Give a program and its arguments, as you would in your shell.`;
  }
  if (outcome.kind === 'hung') {
    return `The command did not finish within ${limitMs / 1000} s for a token ${ABOUT[kind].what}. It has to read one token from standard input, then exit.`;
  }
  return null;
}

function refusedGood(outcome: Outcome): string {
  if (outcome.kind !== 'ended') return '';
  const { code, said } = outcome;
  const how = code === null ? 'was ended by a signal' : `exited with ${code}`;
  const words = said === null ? '' : ` and said “${said}”`;
  return `The command rejected the valid token (it ${how}${words}), so the others weren’t tried. Make it exit with 0 for a valid token.`;
}

function lineOf(kind: TokenKind, accepted: boolean): VerifyLine {
  const { what, step, todo } = ABOUT[kind];
  const ok = accepted === isGood(kind);
  const did = accepted ? 'accepted' : 'rejected';
  if (ok || kind === 'good') return { kind, ok, text: `It ${did} a token ${what}.` };
  return { kind, ok, text: `It ${did} a token ${what}: ${todo} (${CLAUSE}, ${step}).` };
}
