/** Values that later requests need from earlier ones: the learner's client, the last code and tokens. */
import { createHash, randomBytes } from 'node:crypto';
import type { StoreData } from '../../fixtures/sandbox/store/records.js';
import type { Values } from '../lessons/values.js';
import { type ObservedExchange, textOf } from './exchange.js';

export class CapturedValues {
  #values: Values;

  constructor(first: Values) {
    this.#values = first;
  }

  get values(): Values {
    return this.#values;
  }

  add(values: Values): void {
    this.#values = { ...this.#values, ...values };
  }

  /** Makes new values for everything that a request must use only once: state, nonce and PKCE verifier. */
  renew(): void {
    const verifier = randomBytes(32).toString('base64url');
    this.add({
      STATE: randomBytes(16).toString('base64url'),
      NONCE: randomBytes(16).toString('base64url'),
      CODE_VERIFIER: verifier,
      CODE_CHALLENGE: createHash('sha256').update(verifier).digest('base64url'),
    });
  }

  /** Captures the values in an exchange, whoever sent it. */
  notice(exchange: ObservedExchange, store: StoreData): void {
    this.add({
      ...clientOf(exchange, store, this.#values),
      ...codeOf(exchange),
      ...personalTokenOf(exchange, store),
      ...this.#tokensOf(exchange, store),
    });
  }

  #tokensOf(exchange: ObservedExchange, store: StoreData): Values {
    const { json } = exchange;
    if (exchange.endpoint !== 'token' || exchange.status !== 200 || json === null) return {};
    const access = textOf(json.access_token);
    const refresh = textOf(json.refresh_token);
    const identity = textOf(json.id_token);
    const organization = access === null ? null : organizationOf(access, store);
    if (organization !== null) return organization;
    const before = this.#values.REFRESH_TOKEN;
    return {
      ...(access === null ? {} : { ACCESS_TOKEN: access }),
      ...(refresh === null ? {} : { REFRESH_TOKEN: refresh }),
      ...(refresh === null || before === undefined ? {} : { OLD_REFRESH_TOKEN: before }),
      ...(identity === null ? {} : { ID_TOKEN: identity }),
    };
  }
}

/** The values of an organization's token, which must not replace the user's own; null for any other token. */
function organizationOf(token: string, { accessTokens, grants, users }: StoreData): Values | null {
  const record = accessTokens.find(({ value }) => value === token);
  if (record === undefined || record.organizationId === null) return null;
  const grant = grants.find(({ id }) => id === record.grantId);
  const person = users.find(({ id }) => id === grant?.userId);
  const other = person?.organizations.find(({ id }) => id !== record.organizationId);
  return {
    ORGANIZATION_TOKEN: token,
    ORGANIZATION_ID: record.organizationId,
    ...(other === undefined ? {} : { OTHER_ORGANIZATION_ID: other.id }),
  };
}

/** The client that was registered. One that can't come back to the tutorial's page gets its own redirect URI. */
function clientOf(
  { endpoint, status, json }: ObservedExchange,
  store: StoreData,
  { REDIRECT_URI: callback, DEVICE_CALLBACK }: Values,
): Values {
  if (endpoint !== 'register' || status !== 201 || json === null) return {};
  const client = store.clients.find(({ client_id }) => client_id === json.client_id);
  if (client === undefined) return {};
  const { client_id, client_secret, redirect_uris } = client;
  const first = redirect_uris.find((uri) => URL.canParse(uri) && new URL(uri).hostname === 'localhost');
  // The port of the lesson on devices is for that lesson only.
  const isOurs =
    first === undefined ||
    first === DEVICE_CALLBACK ||
    (callback !== undefined && redirect_uris.includes(callback));
  return {
    ...(client_secret === null
      ? { PUBLIC_CLIENT_ID: client_id }
      : { CLIENT_ID: client_id, CLIENT_SECRET: client_secret }),
    ...(isOurs ? {} : { REDIRECT_URI: first }),
  };
}

/** The personal access token just created on the settings page: it is the last one. */
function personalTokenOf({ endpoint, method, status, form }: ObservedExchange, store: StoreData): Values {
  if (endpoint !== 'settingsTokens' || method !== 'POST' || status >= 300 || form.has('delete')) return {};
  const last = store.personalAccessTokens.at(-1);
  return last === undefined
    ? {}
    : { PERSONAL_ACCESS_TOKEN: last.value, ALTERED_TOKEN: lastChanged(last.value) };
}

const lastChanged = (token: string): string => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;

function codeOf({ location }: ObservedExchange): Values {
  const code = location?.searchParams.get('code') ?? null;
  return code === null ? {} : { CODE: code };
}
