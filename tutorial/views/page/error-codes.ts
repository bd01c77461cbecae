/** What each error at a redirect URI means for the client (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6). */

/** By the value of the parameter `error`: what happened, and what to do. */
export const OAUTH_ERRORS: Readonly<Record<string, string>> = {
  invalid_request:
    'The authorization request is missing a parameter, repeats one, or has an invalid value. Compare it with the solution, parameter by parameter.',
  unauthorized_client:
    'This client isn’t allowed to ask for a code this way. Check what it was registered for: its grant_types and response_types.',
  access_denied:
    'The user, or the server, said no. Nothing is broken: carry on without it, and offer to try again.',
  unsupported_response_type: 'The server doesn’t support this response type. Send response_type=code.',
  invalid_scope:
    'A scope is unknown, malformed, or wasn’t registered for this client. Ask only for registered ones.',
  server_error: 'Something went wrong at the server. It’s not your fault: try again later.',
  temporarily_unavailable: 'The server is overloaded or under maintenance. Try again later.',
};

export const OIDC_ERRORS: Readonly<Record<string, string>> = {
  interaction_required:
    'You sent prompt=none, which never shows a page, but a page is needed. Ask again without it.',
  login_required: 'You sent prompt=none, but nobody is signed in. Ask again without it.',
  account_selection_required:
    'You sent prompt=none, but the user has to choose an account. Ask again without it.',
  consent_required: 'You sent prompt=none, but the user hasn’t consented yet. Ask again without it.',
  invalid_request_uri: 'The server couldn’t read the request at request_uri. Send the parameters themselves.',
  invalid_request_object:
    'The parameter request isn’t a valid request object. Send the parameters themselves.',
  request_not_supported: 'The server doesn’t support the parameter request. Send the parameters themselves.',
  request_uri_not_supported:
    'The server doesn’t support the parameter request_uri. Send the parameters themselves.',
  registration_not_supported:
    'The server doesn’t support the parameter registration. Register the client first, at the registration endpoint.',
};

/** @returns the code's meaning and the clause that defines it; null for an unknown code */
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
