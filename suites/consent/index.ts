/** The chapter on the pages between the request and the code: signing in, being asked, allowing and denying. */
import { chapter } from '../requirement.js';
import * as accessibility from './accessibility.js';
import * as framing from './clickjacking.js';
import * as forged from './csrf.js';
import * as decision from './decision.js';
import * as keyboard from './keyboard.js';
import * as leaking from './leaks.js';
import * as signIn from './login.js';
import * as shown from './page-content.js';
import * as publicRepeat from './public-repeat.js';
import * as formAnswers from './redirect-status.js';
import * as remembered from './remembered-consent.js';
import * as session from './session-fixation.js';
import * as markup from './xss-client.js';
import * as reflected from './xss-parameters.js';

export const consent = chapter({
  id: 'consent',
  title: 'Login and consent',
  scenario:
    "Alice follows a link of an application that she hasn't used before. She has no session, so the server " +
    'shows its login page, and she signs in. The consent page tells her which application asks, where it ' +
    'lives, and what it wants to do in her name. She reads it and allows, and only then the server sends ' +
    'the browser to the redirect URI with a code. If she denies, it sends access_denied there.',
  modules: [
    accessibility,
    decision,
    forged,
    formAnswers,
    framing,
    keyboard,
    leaking,
    markup,
    publicRepeat,
    reflected,
    remembered,
    session,
    shown,
    signIn,
  ],
});
