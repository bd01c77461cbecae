/** What every error that can come to a redirect URI means to the client (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6). */

/** By the code that the parameter `error` holds: what happened, and what to do. */
export const OAUTH_ERRORS: Readonly<Record<string, string>> = {
  invalid_request:
    'The authorization request lacks a parameter, has one twice or has a value that is not allowed. Compare it with the solution, parameter by parameter.',
  unauthorized_client:
    'This client may not ask for a code in this way. Look at what it was registered for: its grant_types and response_types.',
  access_denied:
    'The user, or the server, said no. Nothing is broken: go on without, and offer to try again.',
  unsupported_response_type: 'The server gives no such answer. Send response_type=code.',
  invalid_scope:
    'A scope is unknown, malformed, or was not registered for this client. Ask for registered ones only.',
  server_error: 'Something unexpected went wrong at the server. It is not yours to mend: try again later.',
  temporarily_unavailable: 'The server is overloaded or under maintenance. Try again later.',
};

export const OIDC_ERRORS: Readonly<Record<string, string>> = {
  interaction_required:
    'You asked with prompt=none, which shows no page, but a page is needed. Ask again without it.',
  login_required: 'You asked with prompt=none, but nobody is signed in. Ask again without it.',
  account_selection_required:
    'You asked with prompt=none, but the user has to choose an account. Ask again without it.',
  consent_required: 'You asked with prompt=none, but the user has not agreed yet. Ask again without it.',
  invalid_request_uri:
    'The server could not read the request that request_uri points to. Send the parameters themselves.',
  invalid_request_object:
    'The parameter request holds no valid request object. Send the parameters themselves.',
  request_not_supported: 'The server takes no parameter request. Send the parameters themselves.',
  request_uri_not_supported: 'The server takes no parameter request_uri. Send the parameters themselves.',
  registration_not_supported:
    'The server takes no parameter registration. Register the client first, at its own endpoint.',
};

/** @returns what the code means and the clause that defines it; null for one that neither defines */
export function meaningOf(code: string): { readonly text: string; readonly clause: string } | null {
  for (const [errors, clause] of [
    [OAUTH_ERRORS, 'RFC 6749 §4.1.2.1'],
    [OIDC_ERRORS, 'OpenID Connect Core §3.1.2.6'],
  ] as const) {
    const text = Object.hasOwn(errors, code) ? errors[code] : undefined;
    if (text !== undefined) return { text, clause };
  }
  return null;
}
