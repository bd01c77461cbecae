/** How a good token is accepted. */
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { acceptedAtEachPlace } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';

export const bearer = requirement({
  id: 'api-bearer',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6750, '2.1'), polarDocs('Make authenticated requests')],
  needs: ['user', 'protected-endpoint'],
  statement: 'A valid access token in the Authorization header is accepted.',
  how:
    'GET a protected endpoint with Authorization: Bearer and a fresh access token of its scope: 200, within three ' +
    'seconds. A token that is valid only after a moment is judged by token-valid-at-once.',
  hint: 'Read the Authorization header, and look the token up where the token endpoint stores it.',
  async check({ flow, expect }) {
    const scope = flow.apiScope(await flow.client(), 'protected');
    const { access_token } = await flow.tokens({ scope });
    const exchange = await useFresh(() => flow.callApi('protected', access_token));
    expect.status(exchange, 200, 'a request with a valid access token');
  },
});

export const schemeCase = requirement({
  id: 'api-scheme-case',
  level: 'MUST',
  levelReason: 'No keyword: HTTP defines scheme names as case-insensitive.',
  profile: 'oauth',
  clauses: [rfc(9110, '11.1')],
  needs: ['user', 'protected-endpoint'],
  statement: 'The scheme name is recognized in any letter case.',
  how: "With 'Bearer' 200; the same token with 'bearer' and with 'BEARER': 200 as well. At the API and at userinfo.",
  hint: 'Compare the name of the scheme without regard to case.',
  async check({ flow, target, expect }) {
    const { tokens, places } = await acceptedAtEachPlace({ flow, target });
    for (const { endpoint, where } of places) {
      for (const scheme of ['bearer', 'BEARER']) {
        const authorization = `${scheme} ${tokens.access_token}`;
        const note = `the scheme as ${scheme}${where}`;
        const exchange = await flow.callApi(endpoint, null, { authorization, note });
        expect.status(exchange, 200, `a valid token with the scheme spelled ${scheme}${where}`);
      }
    }
  },
});
