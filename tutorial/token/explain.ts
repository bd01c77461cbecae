/** Explains an ID Token claim by claim, and checks it step by step as a client must (OpenID Connect Core §3.1.3.7). */
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { type DecodedToken, decodeIdToken, type TokenClaims } from './decode.js';

/** What the client knows, and compares with. */
export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  /** null when none was sent. */
  readonly nonce: string | null;
  readonly keys: JSONWebKeySet;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ExplainedClaim {
  readonly name: string;
  /** As JSON, and times also as a date. */
  readonly value: string;
  readonly text: string;
}

/** One step of §3.1.3.7, by its number there. */
export interface CheckedStep {
  readonly step: number;
  readonly ok: boolean;
  readonly text: string;
}

export interface ExplainedToken extends DecodedToken {
  readonly explained: readonly ExplainedClaim[];
  readonly steps: readonly CheckedStep[];
  readonly isGood: boolean;
}

/** Seconds that two clocks may differ. */
const LEEWAY = 60;

/** @returns null when the text is no JSON Web Token at all */
export async function explainIdToken(token: string, expected: Expected): Promise<ExplainedToken | null> {
  const decoded = decodeIdToken(token);
  if (decoded === null) return null;
  const signature = await signatureProblem(token.trim(), expected.keys);
  const steps = stepsOf(decoded, expected, signature);
  const explained = Object.entries(decoded.claims).map(([name, value]) => explain(name, value));
  return { ...decoded, explained, steps, isGood: steps.every(({ ok }) => ok) };
}

/** @returns a key set that came over the wire, or null when it is none */
export function readKeySet(value: unknown): JSONWebKeySet | null {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) {
    return null;
  }
  const keys = value.keys.flatMap((key: unknown) =>
    typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string'
      ? [{ ...key, kty: key.kty }]
      : [],
  );
  return keys.length === value.keys.length ? { keys } : null;
}

/** @returns why the signature is not good, null when it is */
async function signatureProblem(token: string, keys: JSONWebKeySet): Promise<string | null> {
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] });
    return null;
  } catch (problem) {
    if (problem instanceof errors.JWKSNoMatchingKey) return 'no published key has the kid of the header';
    if (problem instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with RS256';
    if (problem instanceof errors.JWSSignatureVerificationFailed) {
      return 'the signature does not fit what is signed';
    }
    return 'it cannot be verified';
  }
}

function stepsOf(
  { header, claims }: DecodedToken,
  { issuer, clientId, nonce, now }: Expected,
  signature: string | null,
): readonly CheckedStep[] {
  const { iss, azp, exp, iat } = claims;
  const audience: readonly unknown[] = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const isFor = audience.includes(clientId);
  const isAlone = audience.length === 1;
  const alg = String(header.alg);
  const step = (number: number, ok: boolean, good: string, bad: string): CheckedStep => ({
    step: number,
    ok,
    text: ok ? good : bad,
  });
  return [
    step(1, true, 'It is not encrypted, and no encryption was asked for.', ''),
    step(2, iss === issuer, 'iss is the issuer, character by character.', 'iss is not the issuer.'),
    step(
      3,
      isFor && isAlone,
      'aud is your client_id and names nobody else.',
      isFor ? 'aud names others as well, whom you would have to trust.' : 'aud does not name your client_id.',
    ),
    step(
      4,
      isAlone || typeof azp === 'string',
      'aud has one value, so azp is not needed.',
      'aud has several values, and azp does not say which of them asked.',
    ),
    step(
      5,
      azp === undefined || azp === clientId,
      azp === undefined ? 'There is no azp to compare.' : 'azp is your client_id.',
      'azp is another client.',
    ),
    step(
      6,
      signature === null,
      'The signature fits, by the key of jwks_uri that kid names.',
      `The signature is not good: ${signature}.`,
    ),
    step(7, alg === 'RS256', 'alg is RS256, as agreed.', `alg is ${alg}, and RS256 was agreed.`),
    step(
      8,
      !alg.startsWith('HS'),
      'It is not signed with the client secret, so that need not be looked at.',
      'It claims to be signed with the client secret, which was not agreed.',
    ),
    step(
      9,
      typeof exp === 'number' && now < exp + LEEWAY,
      'It has not expired.',
      typeof exp === 'number' ? 'It has expired.' : 'It does not say when it expires.',
    ),
    step(
      10,
      typeof iat === 'number' && iat <= now + LEEWAY,
      'iat is not in the future; one that is too old may be refused.',
      typeof iat === 'number' ? 'iat is in the future.' : 'It does not say when it was issued.',
    ),
    nonceStep(claims, nonce),
    step(12, true, 'No acr was asked for, so it need not be looked at.', ''),
    step(13, true, 'No max_age was sent, so auth_time need not be looked at.', ''),
  ];
}

function nonceStep({ nonce: given }: TokenClaims, sent: string | null): CheckedStep {
  if (sent === null) {
    return { step: 11, ok: true, text: 'No nonce was sent, so that a replayed token cannot be told.' };
  }
  const ok = given === sent;
  return {
    step: 11,
    ok,
    text: ok ? 'nonce is the one that you sent.' : 'nonce is not the one that you sent.',
  };
}

const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'Who says it: the issuer.',
  sub: 'Whom it is about: the user, by an identifier that never changes. Use it, and not the e-mail address, to know her again.',
  aud: 'For whom it is: your client_id. A text or a list of texts.',
  exp: 'Until when it is to be accepted.',
  iat: 'When it was issued.',
  auth_time: 'When the user last signed in, which may be long before.',
  nonce: 'What you sent with the authorization request: it ties the token to that request.',
  at_hash: 'Half of a hash of the access token that came with it: it ties the two together.',
  azp: 'The client that asked for it.',
  email: 'The e-mail address, as the scope email allows.',
  email_verified: 'Whether the issuer has made sure that the address is hers.',
};

const TIMES: readonly string[] = ['exp', 'iat', 'auth_time'];

function explain(name: string, value: unknown): ExplainedClaim {
  const json = JSON.stringify(value);
  const date = TIMES.includes(name) && typeof value === 'number' ? new Date(value * 1000) : null;
  const isDate = date !== null && !Number.isNaN(date.getTime());
  return {
    name,
    value: isDate ? `${json} (${date.toISOString()})` : json,
    text: MEANINGS[name] ?? 'A further claim; one that you do not know may be left alone.',
  };
}
