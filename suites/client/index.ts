/** The chapter on clients: how an application is registered, and what may not be. */

import { chapter } from '../requirement.js';
import * as deletion from './delete.js';
import * as localhost from './localhost.js';
import * as management from './management.js';
import * as managementResponses from './management-responses.js';
import * as metadata from './metadata.js';
import * as read from './read.js';
import * as redirectUris from './redirect-uris.js';
import * as registeredMetadata from './registered-metadata.js';
import * as registeredValues from './registered-values.js';
import * as registration from './registration.js';
import * as registrationResponses from './registration-responses.js';
import * as settingsFields from './settings/fields.js';
import * as settingsNoStore from './settings/no-store.js';
import * as settingsOwner from './settings/owner.js';
import * as update from './update.js';
import * as updateOmitted from './update-omitted.js';
import * as wildcard from './wildcard.js';

export const client = chapter({
  id: 'client',
  title: 'Clients',
  scenario:
    'A developer wants users to sign in to an application with their Polar accounts and registers it: its ' +
    'name, its homepage, the scopes that it will request, and the redirect URIs for the answers. The one who ' +
    'receives the answers receives the codes, so the server checks each redirect URI: it has to be ' +
    'absolute, with no fragment, and use https unless its host is localhost. It answers with a client_id, ' +
    'a client_secret if the application can keep one, and everything that it stored. With the registration ' +
    'access token from that answer, the application reads, changes and deletes its record later.',
  modules: [
    management,
    managementResponses,
    updateOmitted,
    registeredValues,
    registrationResponses,
    deletion,
    registeredMetadata,
    localhost,
    metadata,
    read,
    redirectUris,
    registration,
    settingsFields,
    settingsNoStore,
    settingsOwner,
    update,
    wildcard,
  ],
});
