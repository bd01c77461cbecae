/** The whole visit as a person makes it, once, and a strict client on the other side. */
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import type { Answer, Code, Flow, Redirected } from '../../fixtures/flow/types.js';
import type { Visit } from '../../fixtures/person/types.js';
import { Broken } from '../../fixtures/verdict.js';
import { type CheckContext, requirement } from '../requirement.js';
import { oidcCore, polarDocs } from '../sources.js';
import { refusalOfStrictClient } from '../token/strict-client.js';
import { inWords } from './answers.js';

/** More pages than any usual way has between the link and the answer. */
const MOST_PAGES = 5;

export const story = requirement({
  id: 'authz-story',
  level: 'MUST',
  profile: 'oidc',
  source: [
    oidcCore('3.1.1'),
    polarDocs('Start the authorization flow'),
    polarDocs('Make authenticated requests'),
  ],
  needs: ['client', 'person', 'page'],
  statement:
    'A person who has never been here gets from the client’s link to an answered request in one uninterrupted visit.',
  how:
    'A browser without any cookie opens the authorization request; the person signs in, allows where asked, and arrives ' +
    'at the redirect URI with code and state. The code is exchanged, oauth4webapi accepts the token response, jose ' +
    'verifies the ID Token against the published keys with issuer, audience and nonce, and userinfo answers the access ' +
    'token. The first step that breaks is named.',
  next: 'Follow the numbered exchanges up to the step that the message names.',
  deadline: 60_000,
  async check({ flow, people, expect }) {
    const code = await walk(flow, await people.visit('nobody'));
    const tokens = await flow.redeem(code, { note: 'the exchange of the code' });
    const access_token = tokens.string('access_token');
    expect.that(
      tokens.status === 200 && access_token !== null,
      'The code of the visit could not be exchanged.',
      {
        expected: 'status 200 with an access_token',
        received: `status ${tokens.status}, ${tokens.string('error') ?? 'no error code'}`,
      },
    );
    const issuer = String(flow.metadata().issuer);
    const refusal = await refusalOfStrictClient(tokens, issuer, code.client.client_id);
    expect.that(refusal === null, 'A strict client refuses the token response.', {
      expected: 'a response that oauth4webapi accepts',
      received: refusal ?? '',
    });
    await verifyIdToken({ flow, expect }, code, tokens.string('id_token'), issuer);
    if (typeof flow.metadata().userinfo_endpoint !== 'string') return;
    const answer = await flow.userinfo(access_token, 'the first call with the access token');
    expect.that(answer.status === 200, 'The access token of the visit is refused by userinfo.', {
      expected: 'status 200',
      received: `status ${answer.status}`,
    });
  },
});

/** From the link to the redirect URI. */
async function walk(flow: Flow, visit: Visit): Promise<Code> {
  const client = await flow.client();
  let answer: Answer = await visit.open({ client });
  for (let pages = 0; answer.kind === 'stayed' && pages < MOST_PAGES; pages += 1) {
    answer = await nextStep(visit, answer);
  }
  if (answer.kind === 'stayed') throw lost('The visit does not end.', answer);
  const value = answer.query.get('code');
  if (value === null) throw lost('The visit ended at the redirect URI without a code.', answer);
  if (answer.query.get('state') !== answer.request.state) {
    throw lost('The visit ended at the redirect URI without the state that was sent.', answer);
  }
  return codeFrom(value, client, answer);
}

async function nextStep(visit: Visit, answer: Answer): Promise<Answer> {
  if (answer.kind === 'redirected') return answer;
  switch (answer.page.kind) {
    case 'login':
      return visit.signIn();
    case 'consent':
    case 'organization':
      return visit.allow();
    default:
      throw lost('After signing in the person is not brought back to the authorization request.', answer);
  }
}

function codeFrom(value: string, client: Code['client'], answer: Redirected): Code {
  return { value, client, request: answer.request, answer };
}

function lost(message: string, answer: Answer): Broken {
  return new Broken(message, { expected: 'the redirect URI with code and state', received: inWords(answer) });
}

async function verifyIdToken(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  code: Code,
  idToken: string | null,
  issuer: string,
): Promise<void> {
  expect.that(idToken !== null, 'The token response of the visit has no ID Token.', {
    expected: 'id_token, since openid was asked for',
    received: 'no id_token',
  });
  // jose reads the key set as a client does; what goes over the wire is recorded like every other exchange.
  const keys = createRemoteJWKSet(new URL(flow.endpoint('jwks')), {
    [customFetch]: async (url: string) => {
      const { response } = await flow.send({ url, note: 'the key set, as the client reads it' });
      return new Response(response.body, { status: response.status });
    },
  });
  try {
    const { payload } = await jwtVerify(idToken ?? '', keys, { issuer, audience: code.client.client_id });
    if (payload.nonce !== code.request.nonce)
      throw new Error('the nonce is another than the one that was sent');
  } catch (error) {
    throw new Broken('A strict client refuses the ID Token of the visit.', {
      expected: 'an ID Token with a published key’s signature, this issuer, this client and this nonce',
      received: error instanceof Error ? error.message : String(error),
    });
  }
}
