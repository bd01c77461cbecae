/** `doctor` on servers whose login never ends: one sentence that says so, exit 3, in time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeHead, type Deviation, type Wrap } from '../../fixtures/sandbox/deviation.js';
import { skipTime } from '../../fixtures/time/deadline.js';
import { findLine, runOnSandbox } from './run-doctor.js';

describe('doctor names a login that never ends:', () => {
  const reloading: Wrap = () => {
    skipTime(100);
    return new Response('<p>One moment<script>location.reload()</script>', {
      headers: { 'content-type': 'text/html' },
    });
  };
  const toHome: Wrap = (_response, request) =>
    request.method === 'POST' ? new Response(null, { status: 303, headers: { location: '/' } }) : _response;
  /** Whoever is signed in is sent to the same place again. */
  const again: Wrap = async (response, request) => {
    const text = response.status === 200 ? await response.text() : '';
    if (text.includes('type="password"')) return new Response(text, response);
    return new Response(null, { status: 302, headers: { location: request.url } });
  };
  const LOOPS: readonly (readonly [string, Partial<Deviation>, RegExp])[] = [
    [
      'the session is lost',
      { wrap: { login: changeHead(({ headers }) => headers.delete('set-cookie')) } },
      /the login page at .* is still shown\. Check users\.first\.username/,
    ],
    ['redirects in circles', { wrap: { authorize: again } }, /redirects in circles/],
    [
      'a page that loads itself again and again',
      {
        replace: () => ({ pageHeaders: () => ({}) }),
        wrap: {
          login: toHome,
          home: reloading,
        },
      },
      /doesn't end: for 15 s the server has shown nothing new|could not be read within|did not come to an end|keeps no session|keeps it busy/,
    ],
  ];
  for (const [name, deviation, sentence] of LOOPS) {
    it(name, async () => {
      const ended = await runOnSandbox(deviation);
      assert.match(findLine(ended, 'first user: login'), sentence);
      assert.match(ended.stdout, /^FAULT (first user: login|consent) .*\.$/m);
      assert.equal(ended.code, 3);
    });
  }
});
