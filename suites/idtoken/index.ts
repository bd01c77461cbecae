/** The chapter on the token that tells the application who has signed in. */

import { chapter } from '../requirement.js';
import * as claims from './claims.js';
import * as form from './form.js';
import * as freshSignIn from './fresh-sign-in.js';
import * as requestClaims from './request-claims.js';
import * as signature from './signature.js';
import * as subject from './subject.js';
import * as times from './times.js';

export const idtoken = chapter({
  id: 'idtoken',
  title: 'ID Token',
  scenario:
    'The application has exchanged a code and holds an ID Token. It verifies the signature with a ' +
    'published key, then checks that its own provider issued the token, for this application, about a user ' +
    'that it will recognize again, just now, and in response to its own request. Only then does it say: ' +
    'Alice has signed in.',
  modules: [form, freshSignIn, claims, requestClaims, signature, subject, times],
});
