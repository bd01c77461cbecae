/** A client of the check's own that manages its record: what each answer changes is taken over at once. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { rateLimitedError } from '../../fixtures/expect/rate-limited.js';
import {
  deleteRegistration,
  nextRegistrationAccess,
  type RegistrationAccess,
  readRegistration,
  readRegistrationAccess,
  updateRegistration,
} from '../../fixtures/flow/client-management.js';
import type { AuthorizationOutcome, Client, ClientMetadata } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { stripQuery } from '../../fixtures/urls.js';
import { Blocked, NotApplicable, type NotTested } from '../../fixtures/verdict.js';
import { hasClient, returnedRedirectUris } from '../steps/registration.js';

type ClientInformation = Readonly<Record<string, unknown>>;

/** What the server alone sets; an update must not send it (RFC 7592 section 2.2). */
const SET_BY_SERVER: readonly string[] = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** How a server says that it does not offer an operation, or not to this client (RFC 7592 sections 2.1 to 2.3). */
const NOT_OFFERED: readonly number[] = [403, 405, 501];

export class ManagedClient {
  /** The record as it was returned last. */
  #last: ClientInformation;

  private constructor(
    private readonly flow: Flow,
    /** With the secret and the redirect URIs that are good now. */
    public client: Client,
    /** With the token that is good now. */
    public management: RegistrationAccess,
  ) {
    this.#last = client.registration?.object() ?? {};
  }

  /** NotApplicable where the registration response does not say how the client is managed. */
  static async register(flow: Flow, changes?: ClientMetadata): Promise<ManagedClient> {
    const client = await flow.newClient(changes);
    return new ManagedClient(flow, client, readRegistrationAccess(client));
  }

  async read(note: string): Promise<Exchange> {
    const { uri, token } = this.management;
    return this.#take(await readRegistration(this.flow, uri, token, note));
  }

  /** Sends the whole record with these members changed. */
  async update(record: ClientInformation, changes: ClientMetadata, note: string): Promise<Exchange> {
    const { client_id, client_secret } = this.client;
    // The record may be older than the secret.
    const secret = typeof record.client_secret === 'string' ? { client_secret } : {};
    const body = { ...withoutSetByServer(record), ...secret, client_id, ...changes };
    return this.#take(await updateRegistration(this.flow, this.management, body, note));
  }

  delete(note: string): Promise<Exchange> {
    return deleteRegistration(this.flow, this.management, note);
  }

  /** The record as it is; where it cannot be read, as it was returned last. Blocked by client-read. */
  async record(note: string): Promise<ClientInformation> {
    const exchange = await this.read(note);
    if (isNotOffered(exchange)) return this.#last;
    if (hasClient(exchange)) return exchange.object();
    throw toSignal(
      'clientRead',
      `A client could not read its own record (${describeExchange(exchange)}).`,
      exchange,
    );
  }

  /** Secret and token may be new in any answer, and with it the old ones end (RFC 7592 section 2.1). */
  #take(exchange: Exchange): Exchange {
    if (!hasClient(exchange)) return exchange;
    this.management = nextRegistrationAccess(exchange, this.management);
    this.#last = exchange.object();
    const redirect_uris = returnedRedirectUris(exchange) ?? this.client.redirect_uris;
    this.client = {
      ...this.client,
      client_secret: exchange.string('client_secret') || this.client.client_secret,
      redirect_uris,
      redirect_uri: redirect_uris[0] ?? this.client.redirect_uri,
    };
    return exchange;
  }
}

/** An omitted member means null, so those that are null are left out. */
function withoutSetByServer(record: ClientInformation): ClientInformation {
  return Object.fromEntries(
    Object.entries(record).filter(([name, value]) => value !== null && !SET_BY_SERVER.includes(name)),
  );
}

/** @returns whether the server says that it doesn't offer the operation */
export function isNotOffered({ status }: Exchange): boolean {
  return NOT_OFFERED.includes(status);
}

/** NotApplicable where the server does not offer the operation. */
export function demandOperationOffered(exchange: Exchange, operation: string): void {
  if (!isNotOffered(exchange)) return;
  throw new NotApplicable(`The server does not let clients ${operation} (status ${exchange.status}).`);
}

/** NotApplicable where clients cannot change their records, blocked by client-update where a plain change fails. */
export function demandUpdated(exchange: Exchange): void {
  demandOperationOffered(exchange, 'change their records');
  if (hasClient(exchange)) return;
  throw toSignal(
    'clientUpdate',
    `A plain change of a client's record was answered with ${describeExchange(exchange)}.`,
    exchange,
  );
}

/** A server that limits requests has broken nothing. */
function toSignal(step: Step, message: string, { status }: Exchange): Blocked | NotTested {
  if (status === 429) return rateLimitedError();
  return new Blocked(step, message, { expected: 'status 200 and the record', received: message });
}

/** An authorization request that shows no page: it is always answered at a redirect URI of the client. */
export async function silentRequest(
  flow: Flow,
  client: Client,
  redirect_uri: string,
  note: string,
): Promise<AuthorizationOutcome> {
  const params = { prompt: 'none' };
  const answer = await flow.authorize({ client, redirect_uri, as: 'nobody', params, note });
  if (answer.kind === 'stayed' && answer.page.status === 429) throw rateLimitedError();
  return answer;
}

export function isAnsweredAt(answer: AuthorizationOutcome, uri: string): boolean {
  return answer.kind === 'redirected' && stripQuery(answer.location) === uri;
}

/** A name that no other client's record has. */
export const uniqueName = (): string => `Conformance ${randomBytes(6).toString('hex')}`;

/** The order in a list, and in a scope, says nothing. */
export function sortValues(value: unknown): string | undefined {
  if (Array.isArray(value)) return JSON.stringify(value.map(String).sort());
  return typeof value === 'string' ? value.split(' ').sort().join(' ') : JSON.stringify(value);
}
