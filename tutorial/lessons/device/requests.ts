/** The requests of the lesson on devices and agents, and what the API decided. */
import { NOTES_HEADER } from '../../samples/notes.js';
import type { ObservedExchange } from '../../watcher/exchange.js';
import { authorizePublic, redeemPublic, registerPublic } from '../public/recipes.js';
import type { Recipe } from '../recipe.js';

export const callBare: Recipe = { note: 'call the API without a token', method: 'GET', url: '{NOTES}' };

export const readResource: Recipe = {
  note: 'fetch the metadata that the 401 names',
  method: 'GET',
  url: '{NOTES_METADATA}',
};

export const readServer: Recipe = {
  note: 'fetch the metadata of the authorization server',
  method: 'GET',
  url: '{SERVER_METADATA}',
};

export const registerDevice: Recipe = {
  ...registerPublic,
  note: 'register the app, with its port',
  json: { ...registerPublic.json, client_name: 'My command line tool', redirect_uris: ['{DEVICE_CALLBACK}'] },
};

export const authorizeDevice: Recipe = {
  ...authorizePublic,
  note: 'send the user to consent, for this API',
  query: { ...authorizePublic.query, redirect_uri: '{DEVICE_CALLBACK}', resource: '{NOTES}' },
};

export const redeemDevice: Recipe = {
  ...redeemPublic,
  form: { ...redeemPublic.form, redirect_uri: '{DEVICE_CALLBACK}', resource: '{NOTES}' },
};

export const callNotes: Recipe = {
  ...callBare,
  note: 'call the API with the token',
  headers: { authorization: 'Bearer {ACCESS_TOKEN}' },
};

export const callWithOther: Recipe = {
  ...callBare,
  note: 'call it with a token for another API',
  headers: { authorization: 'Bearer {OTHER_API_TOKEN}' },
};

export const authorizeUnknown: Recipe = {
  ...authorizeDevice,
  note: 'ask for a token for an API that the server doesn’t know',
  query: { ...authorizeDevice.query, resource: 'https://api.example/' },
  browser: 'Look at the address the browser ends up at.',
};

/** @returns what the API decided; null for an exchange with anyone else */
export const decisionOf = ({ endpoint, answerHeaders }: ObservedExchange): string | null =>
  endpoint === null ? (answerHeaders[NOTES_HEADER] ?? null) : null;

/** @returns the resource of an authorization request, or of the page where the user decides about it */
export const askedResource = ({ url }: ObservedExchange): string | null => url.searchParams.get('resource');

export const codeIn = ({ endpoint, location }: ObservedExchange): string | null =>
  endpoint === 'authorize' || endpoint === 'decision' ? (location?.searchParams.get('code') ?? null) : null;
