/** The chapter on what the clients of AI agents need: they know nothing but the URL of an API. */
import { chapter } from '../requirement.js';
import * as challenge from './challenge.js';
import * as clients from './clients.js';
import * as resourceIndicators from './resource-indicators.js';
import * as resourceMetadata from './resource-metadata.js';
import * as resourceRequests from './resource-requests.js';
import * as serverMetadata from './server-metadata.js';

export const agents = chapter({
  id: 'agents',
  title: 'Clients of AI agents',
  scenario:
    "An agent's client knows only an API's URL. It calls it with no token, and the refusal says where the " +
    'API describes itself. That document names the authorization server, whose own metadata names its ' +
    'endpoints. The client registers as a public one with a redirect URI on this machine, requests a token ' +
    'for this API with PKCE, and the token works there and nowhere else.',
  modules: [challenge, clients, resourceIndicators, resourceMetadata, resourceRequests, serverMetadata],
});
