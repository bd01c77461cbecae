/** The report at a terminal: what a tired release engineer reads. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeControls, wrapText } from '../../fixtures/output/terminal-text.js';
import { formatReport } from '../../scripts/report/formats/index.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { formatHeadline } from '../../scripts/report/terminal/summary.js';
import { sampleExchange, sampleReport, sampleResult } from './samples.js';

const options = {
  width: 80,
  color: false,
  quiet: false,
  savedAs: '.polar-conformance/last.json',
};

const mixed = sampleReport(
  [
    sampleResult('token-code-single-use', 'fail'),
    sampleResult('discovery-pkce', 'warn', { level: 'SHOULD' }),
    sampleResult('token-auth-basic', 'blocked'),
    sampleResult('token-auth-post', 'blocked'),
    sampleResult('consent-asked', 'error'),
    sampleResult('authz-story', 'not-tested'),
    sampleResult('token-exchange', 'pass'),
  ],
  { run: { inProfile: 103, filters: ['--chapter token'], shard: null, defects: [], browser: null } },
);

describe('terminal text', () => {
  const text = renderTerminal(mixed, options);
  const lines = text.split('\n');

  it('starts with the failure and says what a user needs, in this order', () => {
    assert.match(lines[0] ?? '', /^FAIL token-code-single-use \(MUST, token\)$/);
    const order = [
      'The server redeemed the same code twice.',
      'Sent      POST https://auth.example/token (the same code again)',
      'Answer    HTTP 200',
      'Expected  status 400 and error invalid_grant',
      'Received  status 200 with access_token',
      'Rule      The rule token-code-single-use holds. RFC 6749 §4.1.2',
      'https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2',
      'Next      Look at where a code is marked as used.',
      'Again     npx polar-conformance repeat token-code-single-use staging.json',
      'WARN discovery-pkce',
    ].map((part) => text.indexOf(part));
    assert.ok(!order.includes(-1), `something is missing: ${order.join()}`);
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
  });

  it('groups what was not judged by its cause', () => {
    assert.match(
      text,
      /BLOCKED 2 requirements\n {2}by discovery-document: There is no configuration document\.\n {4}token-auth-basic, token-auth-post/,
    );
    assert.match(text, /ERROR 1 requirement\n {2}The login page was not understood\./);
    assert.match(text, /NOT TESTED 1 requirement\n/);
  });

  it('ends with counts, the verdict and its reasons', () => {
    assert.match(text, /\n1 passed, 1 failed, 1 warned, 2 blocked, 1 not tested, 1 error\n/);
    assert.match(
      text,
      /\nNot conforming: 1 of 7 selected requirements failed \(1 passed, 1 warning, 2\nblocked, 1 not tested, 1 error\); 96 of 103 left out by --chapter token\n/,
    );
    assert.match(text, /\n {2}1 requirement failed: token-code-single-use\.\n/);
    assert.match(text, /last\.json\n$/);
  });

  it('shows a long query one parameter per line', () => {
    const request = {
      ...sampleExchange.request,
      method: 'GET',
      url: `https://a.example/x?one=1&two=${'2'.repeat(90)}`,
    };
    const response = {
      ...sampleExchange.response,
      headers: { location: 'https://app.example/cb?error=x&state=y' },
    };
    const shown = renderTerminal(
      sampleReport([
        sampleResult('authz-x', 'fail', { evidence: [{ ...sampleExchange, request, response }] }),
      ]),
      options,
    );
    assert.match(shown, /GET https:\/\/a\.example\/x \(the same code again\)\n +one=1\n +two=2/);
    assert.match(shown, /location: https:\/\/app\.example\/cb\n +error=x\n +state=y\n/);
  });

  it('fits 80 columns, except for what must stay in one piece', () => {
    const long = lines.filter((line) => line.length > 80 && !/https?:\/\/|npx /.test(line));
    assert.deepEqual(long, []);
  });

  it('has no color unless asked', () => assert.ok(!text.includes('\u001b')));

  it('is only the failures and the verdict with --quiet', () => {
    const quiet = renderTerminal(mixed, { ...options, quiet: true })
      .trimEnd()
      .split('\n');
    assert.match(quiet[0] ?? '', /^FAIL token-code-single-use: The server redeemed the same code twice\.$/);
    assert.match(quiet[1] ?? '', /^WARN discovery-pkce: /);
    assert.match(quiet[2] ?? '', /^Not conforming: /);
  });

  it("doesn't let a server control the terminal", () => {
    const hostile = '\u001b[2J\u202eevil\u0007';
    const response = { ...sampleExchange.response, body: hostile };
    const shown = renderTerminal(
      sampleReport([
        sampleResult('token-x', 'fail', {
          message: `It said ${hostile}.`,
          received: hostile,
          remarks: [hostile],
          evidence: [{ ...sampleExchange, note: hostile, response }],
        }),
        sampleResult('token-y', 'error', { reason: hostile }),
      ]),
      options,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.match(shown, /\\x1b\[2J/);
  });
});

describe('verdict line', () => {
  it('is short when everything passed', () => {
    const report = sampleReport([sampleResult('token-a', 'pass'), sampleResult('token-b', 'pass')]);
    assert.equal(formatHeadline(report), 'Conforming: all 2 requirements passed');
  });

  it('counts what was not claimed', () => {
    const report = sampleReport([sampleResult('token-a', 'pass'), sampleResult('token-b', 'not-applicable')]);
    assert.equal(formatHeadline(report), 'Conforming: 1 of 2 requirements passed (1 not applicable)');
  });

  it("is followed by what wasn't applicable for lack of a claim, and what would change that", () => {
    const setting = 'metadata.revocation_endpoint';
    const reason = 'The server does not claim it: the metadata has no revocation_endpoint.';
    const report = sampleReport(
      [sampleResult('token-a', 'pass'), sampleResult('revoke-b', 'not-applicable')],
      {
        notClaimed: [{ capability: 'revocation', reason, setting, requirements: 1 }],
      },
    );
    const sentence =
      "1 requirement wasn't applicable because the server doesn't claim what it takes. If it has any of this, say so in the target file: revocation (1, metadata.revocation_endpoint).";
    for (const quiet of [true, false]) {
      const text = renderTerminal(report, { ...options, width: 100, quiet });
      assert.ok(text.replaceAll(/\s+/g, ' ').includes(sentence), text);
    }
    assert.ok(formatReport('html', report).replaceAll('&#39;', "'").includes(sentence));
    assert.match(formatReport('markdown', report), /revocation \(1, metadata\.revocation/);
  });
});

describe('folding', () => {
  it('keeps lines short, words whole and URLs in one piece', () => {
    const url = `https://example.com/${'x'.repeat(60)}`;
    const lines = wrapText(`one two three four five six ${'y'.repeat(45)} ${url}`, 20);
    assert.ok(lines.includes(url));
    assert.ok(lines.filter((line) => line !== url).every((line) => line.length <= 20));
    assert.equal(lines.join('').replaceAll(' ', '').includes('y'.repeat(45)), true);
  });

  it('keeps line breaks and shows other control characters', () => {
    assert.equal(escapeControls('a\nb\tc\u0000d'), 'a\nb c\\x00d');
  });
});
