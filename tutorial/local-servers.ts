/** The tutorial's two servers on loopback: the sandbox, and the page with the lessons' sample apps. */

import type { Deviation } from '../fixtures/sandbox/deviation.js';
import { createSandbox, type Sandbox, type SandboxExchange } from '../fixtures/sandbox/index.js';
import { type Fetch, type Listening, listenOnLoopback } from '../fixtures/sandbox/listen.js';
import { ResourceIndicators } from '../fixtures/sandbox/resource-indicators.js';
import type { ClientRecord, StoreData } from '../fixtures/sandbox/store/records.js';
import { IdTokenFault } from './app-test/id-token-fault.js';
import type { Values } from './lessons/values.js';
import { type Samples, sampleAddresses, sampleApps } from './samples/index.js';
import { notesMetadataAddress } from './samples/notes.js';
import { SigningKeys } from './signing-keys.js';
import { rotationTokensOf } from './verify/rotation-tokens.js';
import { type TokensToVerify, tokensOf } from './verify/tokens.js';

/** The longest lifetime that RFC 6749 §4.1.2 recommends, so that learners with curl aren't rushed. */
const CODE_SECONDS = 600;

export interface Ports {
  readonly issuer: number;
  readonly page: number;
}

export interface Addresses {
  readonly issuer: string;
  readonly page: string;
  readonly callback: string;
}

export interface LocalServersOptions {
  readonly deviations: readonly Deviation[];
  /** Clients that were registered earlier. */
  readonly clients: readonly ClientRecord[];
  /** 0 for any free one. */
  readonly ports: Ports;
}

type Watch = (exchange: SandboxExchange) => void;

export class LocalServers {
  /** Kept here, so that the tutorial can make ID Tokens that the sandbox would never issue. */
  readonly #keys = SigningKeys.create();
  /** Makes ID Tokens wrong while an app is tested. */
  readonly idTokenFault = new IdTokenFault(async () => {
    const [key] = (await this.#keys).published;
    if (key === undefined) throw new Error('the sandbox has no signing key');
    return key;
  });
  readonly #resources = new ResourceIndicators((resource) => resource === this.values.NOTES);
  readonly #sandbox: Sandbox;
  #watch: Watch = () => undefined;
  #serve: Fetch = () => new Response('Nothing is served here yet.', { status: 503 });
  #samples: Samples = () => null;
  #close: () => Promise<unknown> = async () => undefined;
  #ports: Ports;
  #issuer = '';

  private constructor({ deviations, clients, ports }: LocalServersOptions) {
    this.#ports = ports;
    this.#sandbox = createSandbox({
      deviations: [...deviations, this.idTokenFault.deviation, this.#resources.deviation],
      keys: this.#keys,
      lifetimes: { code: CODE_SECONDS },
      // `--auto` also plays mistakes with expired codes and tokens, without waiting.
      aging: true,
      authorizationServerMetadata: true,
      data: { ...createSandbox().snapshot(), clients },
      onExchange: (exchange) => this.#watch(exchange),
    });
  }

  /** Listens on two loopback ports; throws as Node does if a port is taken. */
  static async open(options: LocalServersOptions): Promise<LocalServers> {
    const servers = new LocalServers(options);
    const page = await listenOnLoopback(
      (request) => servers.#samples(request) ?? servers.#serve(request),
      options.ports.page,
    );
    servers.#close = () => page.close();
    try {
      await servers.#listen(page, options.ports.issuer);
    } catch (problem) {
      await page.close();
      throw problem;
    }
    return servers;
  }

  async #listen(page: Listening, port: number): Promise<void> {
    const { issuer, close } = await this.#sandbox.listen(port);
    this.#close = () => Promise.all([close(), page.close()]);
    this.#issuer = issuer;
    this.#ports = { issuer: Number(new URL(issuer).port), page: page.port };
    this.#samples = sampleApps({
      issuer,
      ...sampleAddresses(this.addresses.page),
      keys: () => this.#keys,
      findToken: (token) => this.#findToken(token),
      notice: (exchange) => this.#watch(exchange),
    });
  }

  get ports(): Ports {
    return this.#ports;
  }

  get addresses(): Addresses {
    const page = `http://localhost:${this.#ports.page}`;
    return { issuer: this.#issuer, page: `${page}/`, callback: `${page}/callback` };
  }

  /** The values a learner needs from the start. */
  get values(): Values {
    const { issuer, page, callback } = this.addresses;
    const { attacker, victim, operator, notes } = sampleAddresses(page);
    return {
      ATTACKER_URI: attacker,
      OPERATOR: operator,
      NOTES: notes,
      NOTES_METADATA: notesMetadataAddress(notes),
      SERVER_METADATA: `${issuer}/.well-known/oauth-authorization-server`,
      VICTIM: victim,
      VICTIM_CALLBACK: `${victim}/callback`,
      ISSUER: issuer,
      API: `${issuer}/v1`,
      AUTHORIZATION_ENDPOINT: `${issuer}/oauth2/authorize`,
      TOKEN_ENDPOINT: `${issuer}/v1/oauth2/token`,
      REGISTRATION_ENDPOINT: `${issuer}/v1/oauth2/register`,
      USERINFO_ENDPOINT: `${issuer}/v1/oauth2/userinfo`,
      REVOCATION_ENDPOINT: `${issuer}/v1/oauth2/revoke`,
      INTROSPECTION_ENDPOINT: `${issuer}/v1/oauth2/introspect`,
      JWKS_URI: `${issuer}/.well-known/jwks.json`,
      REDIRECT_URI: callback,
    };
  }

  /** The sandbox's records. */
  snapshot(): StoreData {
    return this.#sandbox.snapshot();
  }

  /** @param watch called with each exchange of the sandbox, and with those that the sample apps report */
  watch(watch: Watch): void {
    this.#watch = watch;
  }

  /** Serves the tutorial's own page, the relying party of its lessons. */
  serve(fetch: Fetch): void {
    this.#serve = fetch;
  }

  /** As an API that shares its database with the sandbox. */
  #findToken(token: string): { readonly resource: string | null } | null {
    const { accessTokens, grants } = this.snapshot();
    const record = accessTokens.find(({ value }) => value === token);
    const isRevoked = grants.some(({ id, revoked }) => id === record?.grantId && revoked);
    if (record === undefined || record.revoked || isRevoked) return null;
    return { resource: this.#resources.findResource(token) };
  }

  /** @returns ID Tokens to try a verifier on, valid and altered ones; null while there is no client */
  async idTokens(values: Values, about: 'claims' | 'keys'): Promise<TokensToVerify | null> {
    const { published } = await this.#keys;
    const [user] = this.snapshot().users;
    const [key, old] = published;
    if (key === undefined || user === undefined) return null;
    return about === 'keys'
      ? rotationTokensOf(values, key, old ?? key, user.id)
      : tokensOf(values, key, user.id);
  }

  async close(): Promise<void> {
    await this.#close();
  }
}
