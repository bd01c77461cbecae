/** Explains an ID Token claim by claim, and verifies it step by step as a client must (OpenID Connect Core §3.1.3.7). */
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { type DecodedToken, decodeIdToken, type TokenClaims } from './decode.js';

/** What the client compares the token with. */
export interface Expected {
  readonly issuer: string;
  readonly clientId: string;
  /** null if none was sent. */
  readonly nonce: string | null;
  readonly keys: JSONWebKeySet;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface ExplainedClaim {
  readonly name: string;
  /** As JSON; times also as a date. */
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

/** @returns null if the string isn't a JSON Web Token */
export async function explainIdToken(token: string, expected: Expected): Promise<ExplainedToken | null> {
  const decoded = decodeIdToken(token);
  if (decoded === null) return null;
  const signature = await signatureProblem(token.trim(), expected.keys);
  const steps = stepsOf(decoded, expected, signature);
  const explained = Object.entries(decoded.claims).map(([name, value]) => explain(name, value));
  return { ...decoded, explained, steps, isGood: steps.every(({ ok }) => ok) };
}

/** @returns a key set that came over the wire, or null if it isn't one */
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

/** @returns why the signature is invalid, or null if it is valid */
async function signatureProblem(token: string, keys: JSONWebKeySet): Promise<string | null> {
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] });
    return null;
  } catch (problem) {
    if (problem instanceof errors.JWKSNoMatchingKey) return 'no published key has the kid of the header';
    if (problem instanceof errors.JOSEAlgNotAllowed) return 'it isn’t signed with RS256';
    if (problem instanceof errors.JWSSignatureVerificationFailed) {
      return 'the signature doesn’t match the content';
    }
    return 'it can’t be verified';
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
    step(1, true, 'It isn’t encrypted, and none was requested.', ''),
    step(2, iss === issuer, 'iss is exactly the issuer.', 'iss isn’t the issuer.'),
    step(
      3,
      isFor && isAlone,
      'aud is your client_id and nothing else.',
      isFor ? 'aud names other clients too, which you’d have to trust.' : 'aud doesn’t have your client_id.',
    ),
    step(
      4,
      isAlone || typeof azp === 'string',
      'aud has one value, so azp isn’t needed.',
      'aud has several values, and azp doesn’t say which of them asked.',
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
      'The signature is valid, by the key from jwks_uri that kid names.',
      `The signature is invalid: ${signature}.`,
    ),
    step(7, alg === 'RS256', 'alg is RS256, as agreed.', `alg is ${alg}, but RS256 was agreed.`),
    step(
      8,
      !alg.startsWith('HS'),
      'It isn’t signed with the client secret, so there’s nothing to check here.',
      'It claims to be signed with the client secret, which wasn’t agreed.',
    ),
    step(
      9,
      typeof exp === 'number' && now < exp + LEEWAY,
      'It has not expired.',
      typeof exp === 'number' ? 'It has expired.' : 'It doesn’t say when it expires.',
    ),
    step(
      10,
      typeof iat === 'number' && iat <= now + LEEWAY,
      'iat isn’t in the future. You may also reject one that is too old.',
      typeof iat === 'number' ? 'iat is in the future.' : 'It doesn’t say when it was issued.',
    ),
    nonceStep(claims, nonce),
    step(12, true, 'You didn’t ask for acr, so there’s nothing to check.', ''),
    step(13, true, 'You didn’t send max_age, so there’s nothing to check in auth_time.', ''),
  ];
}

function nonceStep({ nonce: given }: TokenClaims, sent: string | null): CheckedStep {
  if (sent === null) {
    return { step: 11, ok: true, text: 'You sent no nonce, so you can’t detect a replayed token.' };
  }
  const ok = given === sent;
  return {
    step: 11,
    ok,
    text: ok ? 'nonce is the one you sent.' : 'nonce isn’t the one you sent.',
  };
}

const MEANINGS: Readonly<Record<string, string>> = {
  iss: 'Who issued it.',
  sub: 'Who it’s about: the user, by an identifier that never changes. Recognize users by it, not by their email address.',
  aud: 'Who it’s for: your client_id. A string or a list of strings.',
  exp: 'When it expires.',
  iat: 'When it was issued.',
  auth_time: 'When the user last signed in, possibly long before.',
  nonce: 'What you sent with the authorization request: it ties the token to that request.',
  at_hash: 'Half of a hash of the access token that came with it: it ties the two together.',
  azp: 'The client that asked for it.',
  email: 'The email address, which the scope email allows.',
  email_verified: 'Whether the issuer verified that the address is the user’s.',
};

const TIMES: readonly string[] = ['exp', 'iat', 'auth_time'];

function explain(name: string, value: unknown): ExplainedClaim {
  const json = JSON.stringify(value);
  const date = TIMES.includes(name) && typeof value === 'number' ? new Date(value * 1000) : null;
  const isDate = date !== null && !Number.isNaN(date.getTime());
  return {
    name,
    value: isDate ? `${json} (${date.toISOString()})` : json,
    text: MEANINGS[name] ?? 'Another claim. Ignore claims you don’t know.',
  };
}
