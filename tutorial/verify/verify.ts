/** Judges a learner's verifier: whether it accepts the good ID Tokens and refuses each altered one. */
import { type Outcome, runCommand } from './command.js';
import type { TokenKind, TokensToVerify } from './tokens.js';

/** Of one token. */
export interface VerifyLine {
  readonly kind: TokenKind;
  readonly ok: boolean;
  /** One sentence: what the verifier did; and where that was wrong, the step that it leaves out. */
  readonly text: string;
}

export interface VerifyResult {
  /** 0: right about every token; 1: wrong about some; 2: it could not be asked. */
  readonly exitCode: 0 | 1 | 2;
  /** One sentence about the whole. */
  readonly message: string;
  /** One for each token that was tried. */
  readonly lines: readonly VerifyLine[];
}

export interface VerifyOptions {
  /** For each token. */
  readonly limitMs?: number;
  /** Ends it early; then the promise rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Called as each token is done. */
  readonly onLine?: (line: VerifyLine) => void;
}

/** Programs that are compiled at their start take a moment. */
const LIMIT_MS = 15_000;

const CLAUSE = 'OpenID Connect Core 1.0 §3.1.3.7';

/** What each token is, to be put after “a token”; and what to do against accepting it. */
const ABOUT: Readonly<
  Record<TokenKind, { readonly what: string; readonly step: string; readonly todo: string }>
> = {
  good: { what: 'that is good', step: '', todo: '' },
  'audience-list': {
    what: 'whose aud is a list that holds your client_id',
    step: 'step 3',
    todo: 'aud may be a text or a list of texts: look for your client_id in either',
  },
  signature: {
    what: 'whose claims were changed after it was signed',
    step: 'step 6',
    todo: 'verify the signature with the key of JWKS_URI that the kid of the header names',
  },
  'alg-none': {
    what: 'that nobody signed (alg is none)',
    step: 'steps 6 and 7',
    todo: 'accept the one algorithm that you expect, RS256, whatever the header says',
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
    todo: 'the time now must be before exp; a few minutes of leeway for clocks that differ are enough',
  },
  nonce: {
    what: 'that carries the nonce of another request',
    step: 'step 11',
    todo: 'compare nonce with the one that you sent',
  },
};

const isGood = (kind: TokenKind): boolean => kind === 'good' || kind === 'audience-list';

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
    return failed('Name the command that verifies: tutorial verify-with -- COMMAND.', []);
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
    return `The command could not be started (${outcome.reason}); give a program and its arguments, as they would stand in your shell.`;
  }
  if (outcome.kind === 'hung') {
    return `The command did not end within ${limitMs / 1000} s for a token ${ABOUT[kind].what}; it has to read one token from its standard input, and exit.`;
  }
  return null;
}

function refusedGood(outcome: Outcome): string {
  if (outcome.kind !== 'ended') return '';
  const { code, said } = outcome;
  const how = code === null ? 'was ended by a signal' : `exited with ${code}`;
  const words = said === null ? '' : ` and said “${said}”`;
  return `The command refused the good token (it ${how}${words}), so nothing is known of the others; make it exit with 0 for a token that is good.`;
}

function lineOf(kind: TokenKind, accepted: boolean): VerifyLine {
  const { what, step, todo } = ABOUT[kind];
  const ok = accepted === isGood(kind);
  const did = accepted ? 'accepted' : 'refused';
  if (ok || kind === 'good') return { kind, ok, text: `It ${did} a token ${what}.` };
  return { kind, ok, text: `It ${did} a token ${what}: ${todo} (${CLAUSE}, ${step}).` };
}
