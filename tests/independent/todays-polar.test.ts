/**
 * The sandbox dressed up as today's Polar, judged with the settings of the preset: it fails what
 * `docs/polar-today.md` says, no more and no less.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createSandbox, generateKeys, type Sandbox } from '../../fixtures/sandbox/index.js';
import { todaysPolar } from '../../fixtures/sandbox/variants/todays-polar/index.js';
import { loadTarget } from '../../fixtures/target/load.js';
import { startReverseProxy } from './reverse-proxy.js';
import { findIds, findVerdicts, runOnSettings } from './run-suite.js';

/** What it does in time, which is judged on its own. */
const IN_TIME = 'token-valid-at-once';
const PAGE = new URL('../../../docs/polar-today.md', import.meta.url);

/** @returns the rows of the page's table: `token-exchange fail`, `token-prefixes warn` */
function readPage(): readonly string[] {
  const rows = readFileSync(PAGE, 'utf8').matchAll(
    /^\| `([a-z0-9-]+)`( \(warning\))? \| [^|]+ \| [^|]+ \|$/gm,
  );
  return [...rows].map(([, id, warning]) => `${id} ${warning === undefined ? 'fail' : 'warn'}`).sort();
}

describe('Polar as it is today', () => {
  it('is judged with the preset, and fails where it deviates', async () => {
    const results = await judgeTodaysPolar(false);
    assert.deepEqual(findVerdicts(results, 'error'), []);
    const found = results.filter(({ status }) => status === 'fail' || status === 'warn');
    const expected = readPage().filter((row) => !row.startsWith(IN_TIME));
    assert.deepEqual(found.map(({ id, status }) => `${id} ${status}`).sort(), expected);
  });

  it('answers before it commits', async () => {
    const results = await judgeTodaysPolar(true, '--only', IN_TIME);
    assert.deepEqual(findIds(results, 'fail', 'warn'), [IN_TIME]);
    assert.ok(readPage().includes(`${IN_TIME} warn`));
  });
});

/** @param timing whether it also behaves in time as the real one does */
async function judgeTodaysPolar(timing: boolean, ...more: string[]) {
  const keys = await generateKeys();
  const { source: _named, ...preset } = loadTarget('polar');
  const { apiEndpoints = {}, settingsPages = {} } = preset;
  let sandbox: Sandbox | null = null;
  const reverseProxy = await startReverseProxy(
    ({ web, api }) => {
      const made = createSandbox({
        keys,
        issuer: web,
        aging: true,
        lifetimes: { refreshToken: null },
        deviations: todaysPolar({ issuer: web, web, api }, timing),
      });
      sandbox = made;
      return (request) => made.fetch(request);
    },
    {
      renamed: {
        [apiEndpoints.user?.path ?? '']: '/v1/users/benefit',
        [settingsPages.clients ?? '']: '/settings/clients',
      },
    },
  );
  try {
    assert.ok(sandbox !== null);
    const { users } = described(sandbox);
    const settings = {
      ...preset,
      issuer: reverseProxy.web,
      discovery: `${reverseProxy.api}/.well-known/openid-configuration`,
      api: reverseProxy.api,
      // Two organizations would claim tokens of organizations.
      users: {
        first: { username: users.first.username, password: users.first.password },
        second: { username: users.second.username, password: users.second.password },
      },
      time: { ageEndpoint: `${reverseProxy.api}/_sandbox/age` },
    };
    return (await runOnSettings(settings, ...more)).results;
  } finally {
    await reverseProxy.close();
  }
}

const described = (sandbox: Sandbox) => sandbox.target();
