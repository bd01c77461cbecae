/** The chapter on personal access tokens. */
import { chapter } from '../requirement.js';
import * as noStore from './no-store.js';
import * as requests from './requests.js';
import * as settingsPage from './settings-page.js';

export const pat = chapter({
  id: 'pat',
  title: 'Personal access tokens',
  scenario:
    'Bob writes a script for himself: no browser, no redirect. On the settings page he creates a personal ' +
    'access token, chooses what it may do and for how long, and copies its value, which is shown only ' +
    'once. His script sends it as a bearer token. When he no longer needs it, he revokes it, and it stops ' +
    'working.',
  modules: [requests, settingsPage, noStore],
});
