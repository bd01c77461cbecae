/** The chapter on ending a token before its time. */
import { chapter } from '../requirement.js';
import { clientAuth, otherClient } from './authority.js';
import { accessToken, refreshCascade, refreshToken } from './effect.js';
import { hintUnknown, hintWrong } from './hints.js';
import { again, unknown } from './vain.js';

export const revoke = chapter({
  id: 'revoke',
  title: 'Token revocation',
  story:
    'Alice signs out of the application, which no longer needs her tokens. It posts its refresh token to the ' +
    'revocation endpoint and authenticates as it does at the token endpoint. The server looks whether the token ' +
    'belongs to this client, ends it with all that was granted with it, and answers 200, as it also does when there ' +
    'was nothing left to end.',
  requirements: [
    accessToken,
    refreshToken,
    refreshCascade,
    unknown,
    again,
    clientAuth,
    otherClient,
    hintWrong,
    hintUnknown,
  ],
});
