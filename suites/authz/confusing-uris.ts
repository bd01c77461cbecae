/** Strings that parsers disagree about, made from a registered redirect URI; nothing is normalized. */
import type { AlteredUri } from './altered-uris.js';

/** Where an attacker would wait. */
const EVIL = 'evil.example';

/**
 * @param registered a redirect URI of the web; others give an empty list
 * @returns the strings with their names for a sentence: 'a request whose redirect_uri has …'
 */
export function confusingUris(registered: string): readonly AlteredUri[] {
  const [, scheme = '', authority = '', path = '', query = ''] =
    /^(https?):\/\/([^/?#]*)([^?#]*)(.*)$/i.exec(registered) ?? [];
  if (scheme === '') return [];
  const origin = `${scheme}://${authority}`;
  const host = authority.replace(/:\d+$/, '');
  const port = authority === host ? (scheme === 'https' ? ':443' : ':80') : '';
  const strings: readonly (readonly [string, string])[] = [
    ['a path parameter before a traversal', `${origin}${path}/..;/evil${query}`],
    ['a path parameter', `${origin}${path};/../${query}`],
    ['encoded dots before the path', `${origin}/%2e%2e${path}${query}`],
    ['encoded dots behind the path', `${origin}${path}/%2e%2e/evil${query}`],
    ['a slash that is encoded twice', `${origin}${path}%252f..%252fevil${query}`],
    ['a backslash behind the path', `${origin}${path}\\..\\evil${query}`],
    ['an encoded backslash', `${origin}${path}%5c..%5cevil${query}`],
    ['another host before a backslash and an at sign', `${scheme}://${EVIL}\\@${authority}${path}${query}`],
    ['another host before an encoded slash', `${scheme}://${EVIL}%2f@${authority}${path}${query}`],
    ['the registered host as user information, encoded', `${origin}%2f@${EVIL}${path}${query}`],
    ['the registered host before a fragment', `${origin}%23@${EVIL}${path}${query}`],
    ['another host in the path', `${origin}/@${EVIL}${path}${query}`],
    ['an encoded line break', `${registered}%0d%0aSet-Cookie:a=b`],
    ['a line break', `${registered}\r\nSet-Cookie:a=b`],
    ['an encoded tab', `${origin}${path}%09${query}`],
    ['a tab', `${origin}/\t${path.slice(1)}${query}`],
    ['an encoded question mark', `${origin}${path}%3Fx=1${query}`],
    ['an encoded number sign', `${origin}${path}%23x${query}`],
    ['an encoded null byte', `${origin}${path}%00${query}`],
    ['a doubled slash before the path', `${origin}/${path}${query}`],
    ['a dot behind the host', `${scheme}://${host}.${authority.slice(host.length)}${path}${query}`],
    ['the scheme in capitals', `${scheme.toUpperCase()}://${authority}${path}${query}`],
    ['the host in capitals', `${scheme}://${authority.toUpperCase()}${path}${query}`],
    ['a fragment', `${registered}#fragment`],
    ['a space behind it', `${registered} `],
    ['a space before it', ` ${registered}`],
    ['a second URI behind a space', `${registered} https://${EVIL}/cb`],
    ['a second URI behind a comma', `${registered},https://${EVIL}/cb`],
    ...(port === '' ? [] : [['the default port', `${scheme}://${host}${port}${path}${query}`] as const]),
  ];
  return strings
    .map(([name, uri]) => ({ uri, what: `a request whose redirect_uri has ${name}` }))
    .filter(({ uri }) => uri !== registered && URL.canParse(uri));
}
