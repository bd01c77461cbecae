/** The chapter on personal access tokens. */
import { chapter } from '../requirement.js';
import * as noStore from './no-store.js';
import * as accepted from './requests.js';
import * as managed from './settings-page.js';

export const pat = chapter({
  id: 'pat',
  title: 'Personal access tokens',
  scenario:
    'Bob writes a script for himself: no browser, no redirect. On the settings page he makes a personal access token, ' +
    'chooses what it may do and how long, and copies its value, which is shown this once. His script sends it as a ' +
    'bearer token. When he no longer needs it he revokes it, and from then on it is worth nothing.',
  modules: [accepted, managed, noStore],
});
