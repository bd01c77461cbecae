/** A server that says again, in every way it can, whatever secret it is given or gives. */
import type { Deviation } from '../../../fixtures/sandbox/index.js';
import { saidInEveryWay, wrapped } from './spellings.js';

type Wraps = NonNullable<Deviation['wrap']>;
type Wrap = NonNullable<Wraps['token']>;

/** Secrets in answers are told by their prefix, in requests by their place. */
async function secretsOf(request: Request, body: string): Promise<readonly string[]> {
  const text = await request.text();
  const form = new URLSearchParams(text);
  const named = [
    'code',
    'code_verifier',
    'client_secret',
    'password',
    'refresh_token',
    'token',
    'form_token',
  ];
  const authorization = request.headers.get('authorization') ?? '';
  const basic = /^basic (\S+)$/i.exec(authorization)?.[1];
  const given = [
    ...named.flatMap((name) => form.getAll(name)),
    ...(request.headers.get('cookie') ?? '').split(';').map((pair) => pair.split('=')[1] ?? ''),
    ...(basic === undefined ? [] : [basic, Buffer.from(basic, 'base64').toString().split(':')[1] ?? '']),
    /^bearer (\S+)$/i.exec(authorization)?.[1] ?? '',
  ];
  const own = body.match(/polar_(?!ci_)[a-z]+_(?:[uo]_)?[A-Za-z0-9]{12,}/g) ?? [];
  // Claims are no secret, so a JWT is not said again as a whole.
  return [...new Set([...given, ...own])].filter((value) => value.length >= 12 && !value.startsWith('eyJ'));
}

const echo: Wrap = async (response, request) => {
  if (response.status === 204) return response;
  const body = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const values = await secretsOf(request, body);
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  const [some] = values;
  if (some !== undefined) headers.set('x-echo', Buffer.from(`echo ${some}`).toString('base64'));
  if (type.startsWith('text/html')) {
    const shown = values.flatMap(saidInEveryWay).map((text) => `<p>${text.replaceAll('<', '&lt;')}</p>`);
    const more =
      shown.join('') + values.map((value) => `<p>${wrapped(value, 6).replaceAll('\n', '<br>')}</p>`);
    return new Response(body.replace('</main>', `${more}</main>`), { status: response.status, headers });
  }
  const answer = objectOf(body);
  if (answer === null) return new Response(body === '' ? null : body, { status: response.status, headers });
  const printed = values.flatMap(saidInEveryWay).join(' ');
  const changed =
    'error' in answer ? { ...answer, error_description: printed } : { ...answer, echo: printed };
  return new Response(JSON.stringify(changed), { status: response.status, headers });
};

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

export const hostile: Deviation = {
  how: 'It says every secret again, in every spelling.',
  wrap: {
    token: echo,
    revoke: echo,
    introspect: echo,
    userinfo: echo,
    userBenefits: echo,
    organizations: echo,
    register: echo,
    management: echo,
    authorize: echo,
    login: echo,
    decision: echo,
    settings: echo,
    settingsClients: echo,
    settingsTokens: echo,
    personalAccessTokens: echo,
  },
};

/** Its login page has no button that anybody could understand: each bears what is secret there. */
export const puzzling: Deviation = {
  how: 'The buttons of its login page are labeled with the form token and the cookie.',
  wrap: {
    authorize: async (response, request) => {
      if (!(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
      const html = await response.text();
      const cookie = /=([^;]+)/.exec(
        response.headers.get('set-cookie') ?? request.headers.get('cookie') ?? '',
      );
      const token = /name="form_token" value="([^"]+)"/.exec(html)?.[1] ?? '';
      const button = (text: string) => `<button type="submit">${text}</button>`;
      const buttons = [token, wrapped(token, 7), cookie?.[1] ?? '', encodeURIComponent(token)].map(button);
      const headers = new Headers(response.headers);
      headers.delete('content-length');
      const page = html
        .replace(/<input[^>]*type="password"[^>]*>/, '')
        .replace(/<button.*<\/button>/s, buttons.join(''));
      return new Response(page, { status: response.status, headers });
    },
  },
};
