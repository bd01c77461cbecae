/** Lesson 6, wrong ways to send a token: address, query, header. Messages never repeat a possible secret. */
import { bearerMistakes } from '../bearer-mistakes.js';
import type { Mistake } from '../lesson.js';
import { callUserinfo, isCall } from './requests.js';

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'userinfo-get',
  find: ({ endpoint, url, headers }, { values }) =>
    endpoint === null && (headers.authorization !== undefined || url.pathname.endsWith('/userinfo'))
      ? {
          message:
            'Nothing is served at this address. Use the userinfo_endpoint from the discovery document exactly as it is.',
          expected: values.USERINFO_ENDPOINT ?? '',
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(callUserinfo, { url: '{API}/userinfo' });
  },
};

export const headerMistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  ...bearerMistakes({ isCall, recipe: callUserinfo, token: 'ACCESS_TOKEN' }),
];
