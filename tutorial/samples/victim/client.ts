/** The sample app as a client of the sandbox: it registers itself, redeems codes and asks who signed in. */
import { OWN_HEADER, type OwnSender } from '../../watcher/exchange.js';

const SCOPE = 'openid email';
const LIMIT_MS = 10_000;
const SENDER: OwnSender = 'other-party';

/** Who signed in, or why nobody did. */
export type SignIn =
  | { readonly kind: 'signed-in'; readonly email: string }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string };

interface Registered {
  readonly client_id: string;
  readonly client_secret: string;
}

export class VictimClient {
  #registered: Promise<Registered> | null = null;

  constructor(
    private readonly issuer: string,
    private readonly redirectUri: string,
  ) {}

  /** @returns the authorization URL of a sign-in (RFC 6749 §4.1.1) */
  async authorizationUrl(state: string): Promise<string> {
    const { client_id } = await this.#client();
    const query = { response_type: 'code', client_id, redirect_uri: this.redirectUri, scope: SCOPE, state };
    return `${this.issuer}/oauth2/authorize?${new URLSearchParams(query)}`;
  }

  /** Redeems a code and asks whose it is. It accepts any code issued to it: that's the point. */
  async signIn(code: string): Promise<SignIn> {
    const { client_id, client_secret } = await this.#client();
    const tokens = await this.#call('/v1/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: this.redirectUri,
        client_id,
        client_secret,
      }),
    });
    const { access_token } = tokens;
    if (typeof access_token !== 'string') return refusedBy(tokens);
    const user = await this.#call('/v1/oauth2/userinfo', {
      headers: { authorization: `Bearer ${access_token}` },
    });
    return typeof user.email === 'string' ? { kind: 'signed-in', email: user.email } : refusedBy(user);
  }

  /** Registers when first needed, and tries again after a failure. */
  #client(): Promise<Registered> {
    this.#registered ??= this.#register().catch((problem: unknown) => {
      this.#registered = null;
      throw problem;
    });
    return this.#registered;
  }

  async #register(): Promise<Registered> {
    const { client_id, client_secret } = await this.#call('/v1/oauth2/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'The sample app',
        redirect_uris: [this.redirectUri],
        scope: SCOPE,
        token_endpoint_auth_method: 'client_secret_post',
      }),
    });
    if (typeof client_id !== 'string' || typeof client_secret !== 'string') {
      throw new Error('The sample app could not register.');
    }
    return { client_id, client_secret };
  }

  async #call(path: string, init: RequestInit): Promise<Readonly<Record<string, unknown>>> {
    const headers = new Headers(init.headers);
    headers.set(OWN_HEADER, SENDER);
    const signal = AbortSignal.timeout(LIMIT_MS);
    const response = await fetch(`${this.issuer}${path}`, { ...init, headers, signal });
    const value: unknown = await response.json();
    return typeof value === 'object' && value !== null ? { ...value } : {};
  }
}

function refusedBy({ error, error_description }: Readonly<Record<string, unknown>>): SignIn {
  return {
    kind: 'refused',
    error: typeof error === 'string' ? error : 'server_error',
    description: typeof error_description === 'string' ? error_description : 'The server gave no reason.',
  };
}
