/** The chapter on the pages between the request and the code: signing in, being asked, allowing and denying. */
import { chapter } from '../requirement.js';
import * as accessibility from './accessibility.js';
import * as clickjacking from './clickjacking.js';
import * as csrf from './csrf.js';
import * as decision from './decision.js';
import * as keyboard from './keyboard.js';
import * as leaks from './leaks.js';
import * as login from './login.js';
import * as pageContent from './page-content.js';
import * as publicRepeat from './public-repeat.js';
import * as redirectStatus from './redirect-status.js';
import * as rememberedConsent from './remembered-consent.js';
import * as sessionFixation from './session-fixation.js';
import * as xssClient from './xss-client.js';
import * as xssParameters from './xss-parameters.js';

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
    csrf,
    redirectStatus,
    clickjacking,
    keyboard,
    leaks,
    xssClient,
    publicRepeat,
    xssParameters,
    rememberedConsent,
    sessionFixation,
    pageContent,
    login,
  ],
});
