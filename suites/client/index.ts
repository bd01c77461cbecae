/** The chapter on clients: how an application is registered, and what may not be. */
import { chapter } from '../requirement.js';
import { errorFormat, grantCoherence, secretExpiry, unknownMetadata } from './answers.js';
import { clientDelete } from './deleting.js';
import { registerEcho } from './echo.js';
import {
  redirectHostForms,
  redirectHttps,
  redirectLocalhost,
  redirectLookalike,
  redirectLoopbackIp,
  redirectUserinfo,
} from './localhost.js';
import { requiredFields, scopeUnsupported } from './metadata.js';
import { clientRead } from './reading.js';
import { redirectAbsolute, redirectFragment, redirectScriptScheme } from './redirects.js';
import { publicNoSecret, register } from './registration.js';
import { fields as settingsFields } from './settings/fields.js';
import { loginFirst as settingsLoginFirst, ownerOnly as settingsOwnerOnly } from './settings/owner.js';
import { clientUpdate, clientUpdateValidated } from './updating.js';
import { redirectWildcard } from './wildcard.js';

export const client = chapter({
  id: 'client',
  title: 'Clients',
  story:
    'A developer wants people to sign in to an application with their Polar accounts. ' +
    'The application is registered: its name, its homepage, the scopes that it will ask for, and the redirect URIs ' +
    'that may receive the answers. ' +
    'The server looks at each redirect URI, since whoever receives the answers receives the codes: it must be ' +
    'absolute, have no fragment, and use https unless its host is localhost. ' +
    'It answers with a client_id, a client_secret if the application can keep one, and all that it has stored. ' +
    'With the registration access token of that answer the application reads, changes and deletes its record later.',
  requirements: [
    register,
    registerEcho,
    publicNoSecret,
    redirectHttps,
    redirectLocalhost,
    redirectLookalike,
    redirectUserinfo,
    redirectLoopbackIp,
    redirectFragment,
    redirectAbsolute,
    redirectScriptScheme,
    redirectWildcard,
    redirectHostForms,
    requiredFields,
    scopeUnsupported,
    errorFormat,
    secretExpiry,
    unknownMetadata,
    grantCoherence,
    clientRead,
    clientUpdate,
    clientUpdateValidated,
    clientDelete,
    settingsLoginFirst,
    settingsOwnerOnly,
    settingsFields,
  ],
});
