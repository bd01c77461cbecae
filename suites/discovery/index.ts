/** The chapter on what a client may rely on before it sends anything. */

import { chapter } from '../requirement.js';
import * as document from './document.js';
import * as hostHeaders from './host-headers.js';
import * as keySet from './key-set.js';
import * as keys from './keys.js';
import * as members from './members.js';
import * as truth from './truth.js';

export const discovery = chapter({
  id: 'discovery',
  title: 'Discovery',
  scenario:
    'An application knows nothing about the server except its issuer. It appends ' +
    '/.well-known/openid-configuration, fetches the document, checks that it names the same issuer, and ' +
    'takes every URL and every option from it. Then it fetches the public keys that it will use to verify ' +
    'who has signed in.',
  modules: [hostHeaders, keySet, truth, document, keys, members],
});
