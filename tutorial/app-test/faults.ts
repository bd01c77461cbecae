/** Responses that are wrong on purpose: an app must reject each of them. */

export const FAULT_IDS = ['state', 'iss', 'signature', 'nonce', 'error'] as const;
export type FaultId = (typeof FAULT_IDS)[number];

export interface Fault {
  readonly id: FaultId;
  /** Completes "Your app rejected …" and "Your app accepted …". */
  readonly what: string;
  /** What an attacker gains, and what to do. */
  readonly advice: string;
  /** Changes the redirect to the app; null where the fault is in the token response. */
  readonly changeRedirect: ((url: URL) => URL) | null;
}

const withParameter =
  (name: string, value: string) =>
  (url: URL): URL => {
    const changed = new URL(url);
    changed.searchParams.set(name, value);
    return changed;
  };

/** The answer of a user who denies: no code at all. */
function toError(url: URL): URL {
  const changed = new URL(url);
  changed.searchParams.delete('code');
  changed.searchParams.set('error', 'access_denied');
  return changed;
}

export const FAULTS: readonly Fault[] = [
  {
    id: 'state',
    what: 'a response with the wrong state',
    advice:
      'An attacker can sign your user in to the attacker’s account. Compare state with the one in the browser session before anything else (RFC 6749 §10.12).',
    changeRedirect: withParameter('state', 'a-state-that-nobody-sent'),
  },
  {
    id: 'iss',
    what: 'a response from another issuer',
    advice:
      'With more than one server, an attacker’s server can make your app send it a code of the honest one. Compare iss with your issuer (RFC 9207 §2.4).',
    changeRedirect: withParameter('iss', 'https://attacker.example'),
  },
  {
    id: 'signature',
    what: 'an ID Token whose claims were changed after it was signed',
    advice:
      'Without TLS all the way to the server, anyone in between can sign in as any user. Verify the signature with the key from jwks_uri (OpenID Connect Core §3.1.3.7, step 6).',
    changeRedirect: null,
  },
  {
    id: 'nonce',
    what: 'an ID Token with the wrong nonce',
    advice:
      'A stolen ID Token or code can be replayed into your app. Compare the nonce claim with the one in the browser session (OpenID Connect Core §3.1.3.7, step 11).',
    changeRedirect: null,
  },
  {
    id: 'error',
    what: 'an error response (the user denied)',
    advice:
      'Users change their minds. Look for error before code, say that nothing happened, and offer to try again (RFC 6749 §4.1.2.1).',
    changeRedirect: toError,
  },
];
