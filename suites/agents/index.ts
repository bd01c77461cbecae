/** The chapter on what the clients of AI agents need: they know nothing but the URL of an API. */
import { chapter } from '../requirement.js';
import * as challenge from './challenge.js';
import * as clients from './clients.js';
import * as resources from './resource-indicators.js';
import * as resourceMetadata from './resource-metadata.js';
import * as resourceRequests from './resource-requests.js';
import * as serverMetadata from './server-metadata.js';

export const agents = chapter({
  id: 'agents',
  title: 'Clients of AI agents',
  scenario:
    "An agent's client knows the URL of an API and nothing else. It asks there without a token, and the refusal says where " +
    'the API describes itself. That document names the authorization server, whose own document names its endpoints. The ' +
    'client registers as a public one with a redirect URI on this machine, asks for a token for this API with PKCE, and ' +
    'the token works there and nowhere else.',
  modules: [challenge, clients, resources, resourceMetadata, resourceRequests, serverMetadata],
});
