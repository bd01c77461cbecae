/** The chapter on tokens of an organization. */
import { chapter } from '../requirement.js';
import * as remembered from './remembered-choice.js';
import * as selection from './selection.js';
import * as tokens from './tokens.js';

export const org = chapter({
  id: 'org',
  title: 'Organization tokens',
  scenario:
    'An application works for a company, not for a user: it asks with sub_type=organization. Alice, a member of Acme ' +
    "and Globex, chooses Acme and allows. The code is exchanged as always, and the token that comes of it is Acme's: " +
    'it shows Acme, nothing of Globex, and what belongs to Alice herself stays closed to it.',
  modules: [remembered, selection, tokens],
});
