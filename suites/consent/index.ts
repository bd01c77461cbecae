/** The chapter on the pages between the request and the code: signing in, being asked, allowing and denying. */
import { chapter } from '../requirement.js';
import { a11yNames } from './accessibility.js';
import { asked, deny } from './decision.js';
import { csrfCrossSite, loginCsrf } from './forged.js';
import { redirectStatus } from './form-answers.js';
import { clickjacking } from './framing.js';
import { a11yKeyboard } from './keyboard.js';
import { noSecrets, referrer } from './leaking.js';
import { xssClient } from './markup.js';
import { xssParameters } from './reflected.js';
import { notWidened, perClient } from './remembered.js';
import { sessionFixation } from './session.js';
import { application, logoTermsPolicy, scopes } from './shown.js';
import { loginFirst, wrongPassword } from './sign-in.js';

export const consent = chapter({
  id: 'consent',
  title: 'Login and consent',
  story:
    'Alice follows a link of an application that she has not used before. ' +
    'As she has no session, the server shows its login page, and she signs in with her name and password. ' +
    'The consent page then tells her which application asks, where it lives, and what it wants to do in her name. ' +
    'She reads it, allows, and only now the browser is sent to the redirect URI with a code. ' +
    'Had she denied, it would have been sent there with access_denied.',
  requirements: [
    loginFirst,
    asked,
    application,
    logoTermsPolicy,
    scopes,
    deny,
    clickjacking,
    xssClient,
    wrongPassword,
    notWidened,
    perClient,
    xssParameters,
    csrfCrossSite,
    loginCsrf,
    redirectStatus,
    referrer,
    noSecrets,
    sessionFixation,
    a11yNames,
    a11yKeyboard,
  ],
});
