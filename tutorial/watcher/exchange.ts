/** One exchange of the learner, as lessons look at it: plain data, read once, with the parts they need most. */
import type { EndpointName, SandboxExchange } from '../../fixtures/sandbox/exchange.js';
import type { RuleName } from '../../fixtures/sandbox/rules/index.js';

export interface ObservedExchange {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** null: nothing is served at this address. */
  readonly endpoint: EndpointName | null;
  readonly method: string;
  readonly url: URL;
  /** With lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answerBody: string;
  /** The rule that refused the request; null when none did. */
  readonly rule: RuleName | null;
  readonly clause: string | null;
  /** Why the rule refused, in one sentence that the response may not have; null when no rule did. */
  readonly reason: string | null;

  /** The fields of a form body; empty when the body isn't a form. */
  readonly form: URLSearchParams;
  /** The members of the JSON object that was sent; null when the body isn't one. */
  readonly sentJson: Members | null;
  /** The members of the JSON object in the response; null when it isn't one. */
  readonly json: Members | null;
  /** Where the response redirects to. */
  readonly location: URL | null;
  /** The error code of the response: in its JSON, in the query of its Location, or in WWW-Authenticate. */
  readonly error: string | null;
  /** The server's own words about the error. */
  readonly description: string | null;
}

export type Members = Readonly<Record<string, unknown>>;

/** @returns whether the server refused it: by status, or by an error in a redirect to the client */
export const isRefused = ({ status, error }: ObservedExchange): boolean => status >= 400 || error !== null;

/** The tutorial's own requests carry this header, so that the watcher doesn't take them for the learner's. */
export const OWN_HEADER = 'polar-tutorial';

/** Who sent the tutorial's own request: a seed, which prepares a lesson, or another party in the lesson with its own tokens. */
export type OwnSender = 'seed' | 'other-party';

export const isOwn = ({ request }: SandboxExchange): boolean => request.headers.has(OWN_HEADER);

/** Whether the learner may use the values in the response: those of their own requests and of a seed. */
export const isForLearner = ({ headers }: ObservedExchange): boolean => {
  const other: OwnSender = 'other-party';
  return headers[OWN_HEADER] !== other;
};

/**
 * @param exchange with unread bodies
 * @param at milliseconds since 1970
 */
export async function observeExchange(exchange: SandboxExchange, at: number): Promise<ObservedExchange> {
  const { request, response, endpoint, rule, clause, reason } = exchange;
  const [body, answerBody] = await Promise.all([request.text(), response.text()]);
  const headers = Object.fromEntries(request.headers);
  const answerHeaders = Object.fromEntries(response.headers);
  const json = membersOf(answerBody);
  const location = urlOf(answerHeaders.location, request.url);
  const challenge = answerHeaders['www-authenticate'] ?? '';
  return {
    at,
    endpoint,
    method: request.method,
    url: new URL(request.url),
    headers,
    body,
    status: response.status,
    answerHeaders,
    answerBody,
    rule,
    clause,
    reason,
    form: isForm(headers['content-type']) ? new URLSearchParams(body) : new URLSearchParams(),
    sentJson: membersOf(body),
    json,
    location,
    error: textOf(json?.error) ?? location?.searchParams.get('error') ?? quoted(challenge, 'error'),
    description:
      textOf(json?.error_description) ??
      location?.searchParams.get('error_description') ??
      quoted(challenge, 'error_description') ??
      textOf(json?.detail),
  };
}

/** @returns a string as it is; null for anything else. */
export const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** @returns the scopes of a space-delimited list (RFC 6749 §3.3). */
export const scopesOf = (list: unknown): readonly string[] =>
  (textOf(list) ?? '').split(' ').filter((scope) => scope !== '');

/** Whether it is a POST to the token endpoint (RFC 6749 §3.2). */
export const isTokenRequest = ({
  endpoint,
  method,
}: Pick<ObservedExchange, 'endpoint' | 'method'>): boolean => endpoint === 'token' && method === 'POST';

/** @returns the token of an Authorization header with the scheme Bearer (RFC 6750 §2.1), or null. */
export function bearerOf({ headers }: Pick<ObservedExchange, 'headers'>): string | null {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** @returns the client_id that a request names, in its body or by HTTP Basic (RFC 6749 §2.3.1). */
export function clientIdOf({
  headers,
  form,
  url,
}: Pick<ObservedExchange, 'headers' | 'form' | 'url'>): string | null {
  const basic = /^basic +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return form.get('client_id') ?? url.searchParams.get('client_id');
  const [id = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return id.includes('%') ? new URLSearchParams(`id=${id}`).get('id') : id;
}

/** @returns the members of a JSON object; null when the text isn't one */
export function membersOf(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

const isForm = (type: string | undefined): boolean =>
  (type ?? '').toLowerCase().startsWith('application/x-www-form-urlencoded');

function urlOf(location: string | undefined, base: string): URL | null {
  if (location === undefined || !URL.canParse(location, base)) return null;
  return new URL(location, base);
}

const quoted = (challenge: string, name: string): string | null =>
  new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? null;
