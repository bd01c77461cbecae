/** The chapter on tokens of an organization. */
import { chapter } from '../requirement.js';
import * as rememberedChoice from './remembered-choice.js';
import * as selection from './selection.js';
import * as tokens from './tokens.js';

export const org = chapter({
  id: 'org',
  title: 'Organization tokens',
  scenario:
    'An application works for a company, not for a user, so it sends sub_type=organization. Alice, a ' +
    'member of Acme and Globex, chooses Acme and allows. The code is exchanged as usual, and the token is ' +
    "Acme's: it shows Acme and nothing of Globex, and it can't reach what belongs to Alice herself.",
  modules: [rememberedChoice, selection, tokens],
});
