/** What a client or server says harms nobody at the places beside reports: explanations, diagrams, shells, annotations. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { renderSequenceSvg } from '../../fixtures/diagram/svg.js';
import { formatShellWord } from '../../fixtures/output/shell-word.js';
import { describeExchange, explainExchange } from '../../fixtures/sandbox/explain.js';
import { createSandbox, type SandboxExchange } from '../../fixtures/sandbox/index.js';
import { SCRIPT } from '../../fixtures/sandbox/pages/live-script.js';
import { formatAnnotations } from '../../scripts/report/annotations.js';
import { makeHarmless } from '../../scripts/report/harmless.js';
import { formatScript } from '../../tutorial/shell/variables.js';
import { sampleReport, sampleResult } from './samples.js';

const MARKUP = `"><img src=x onerror=alert(1)><script>alert(1)</script>`;
const CONTROLS = '\u001b[2J\u0007\u009b31m\u202e\u2066\u200b\u2028';
const COMMANDS = '\n::error::x\n##vso[task.complete]\n##[error]x\n##teamcity[x]';
const EVIL = `${MARKUP}${CONTROLS}${COMMANDS}`;
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
const COMMAND = /##\w*\[|^\s*::[a-z]/im;

/** A request with such values everywhere, as the sandbox reports it. */
async function observe(): Promise<readonly SandboxExchange[]> {
  const seen: SandboxExchange[] = [];
  const sandbox = createSandbox({ onExchange: (exchange) => seen.push(exchange) });
  const query = new URLSearchParams({ client_id: EVIL, scope: EVIL, prompt: EVIL, redirect_uri: EVIL });
  await sandbox.fetch(new Request(`http://localhost/oauth2/authorize?${query}`));
  await sandbox.fetch(new Request(`http://localhost/${encodeURIComponent(EVIL)}`));
  const body = new URLSearchParams({ grant_type: EVIL, client_id: EVIL, client_secret: EVIL, code: EVIL });
  await sandbox.fetch(new Request('http://localhost/v1/oauth2/token', { method: 'POST', body }));
  return seen;
}

describe('what a client sends to the sandbox', () => {
  it('is harmless in the lines of --explain', async () => {
    const exchanges = await observe();
    assert.equal(exchanges.length, 3);
    const lines = (await Promise.all(exchanges.map(explainExchange))).flat();
    assert.ok(lines.some((line) => line.includes('invalid') || line.includes('sent')));
    for (const line of lines) {
      assert.doesNotMatch(line, CONTROL);
      assert.doesNotMatch(makeHarmless(`${line}\n`, true), COMMAND);
    }
  });

  it('is harmless on the live page, which shows it as text', async () => {
    for (const exchange of await observe()) {
      assert.doesNotMatch(JSON.stringify(await describeExchange(exchange, 0)), CONTROL);
    }
    assert.doesNotMatch(SCRIPT, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
    assert.ok(SCRIPT.includes(String.raw`.replace(/[\p{C}\u2028\u2029]/gu, '\uFFFD')`));
  });
});

describe('what a server says', () => {
  it('is text in a diagram', () => {
    const svg = renderSequenceSvg(
      {
        participants: [
          { id: 'app', label: EVIL },
          { id: 'server', label: EVIL },
        ],
        steps: [
          { from: 'app', to: 'server', label: EVIL, note: EVIL, state: 'failed' },
          { from: 'app', to: 'app', label: EVIL, note: '', state: 'here' },
        ],
      },
      EVIL,
    );
    assert.doesNotMatch(svg, /<img|<script|onerror="|"><img/);
  });

  it('is one command in an annotation of GitHub, and no more', () => {
    const results = (['fail', 'error', 'warn'] as const).map((status) =>
      sampleResult(status, status, status === 'error' ? { reason: EVIL } : { message: EVIL }),
    );
    const lines = formatAnnotations(sampleReport(results)).trimEnd().split('\n');
    assert.equal(lines.length, 3);
    for (const line of lines) {
      assert.match(line, /^::(error|warning) title=[^:]*::/);
      assert.doesNotMatch(line, CONTROL);
    }
  });
});

describe('a value in a shell', () => {
  const values = [
    `'; touch /tmp/polar-conformance-evil; '`,
    '$(touch /tmp/polar-conformance-evil)',
    '`touch /tmp/polar-conformance-evil`',
    `a'b"c\\d!e\nf`,
    '-n',
    EVIL,
  ];

  for (const value of values) {
    it(`is nothing but a value: ${JSON.stringify(value).slice(0, 40)}`, () => {
      const script = formatScript({ REDIRECT_URI: value }, 'sh');
      const evaluated = execFileSync('bash', ['-c', `eval "$1"; printf %s "$REDIRECT_URI"`, 'bash', script], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      assert.equal(evaluated, value);
      const word = formatShellWord([value]);
      assert.equal(execFileSync('bash', ['-c', `printf %s ${word}`], { encoding: 'utf8' }), value);
    });
  }

  it('has no quote of any kind that would end it in PowerShell', () => {
    const line = formatScript({ REDIRECT_URI: `a'b‘c’d‚e‛f` }, 'powershell').split('\n')[0] ?? '';
    assert.equal(line, `$env:REDIRECT_URI = 'a''b‘‘c’’d‚‚e‛‛f'`);
  });
});
