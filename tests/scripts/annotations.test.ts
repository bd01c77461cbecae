/** In GitHub Actions, a run annotates the job with its findings: as workflow commands, and only there. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { formatAnnotations } from '../../scripts/report/annotations.js';
import { CliRunner } from './cli.js';
import { sampleReport, sampleResult } from './samples.js';

const linesOf = (...results: Parameters<typeof sampleReport>[0]) =>
  formatAnnotations(sampleReport(results)).split('\n').slice(0, -1);

describe('annotations', () => {
  it('are errors for what failed or could not be judged, and warnings for warnings', () => {
    const lines = linesOf(
      sampleResult('token-a', 'warn', { level: 'SHOULD', message: 'It is slow.' }),
      sampleResult('token-b', 'error', { reason: 'Nothing listens there.' }),
      sampleResult('token-c', 'fail', { message: 'It gave tokens.' }),
    );
    assert.deepEqual(lines, [
      '::error title=token-c%2C MUST::It gave tokens. (RFC 6749 §4.1.2)',
      '::error title=token-b%2C MUST::Nothing listens there. (RFC 6749 §4.1.2)',
      '::warning title=token-a%2C SHOULD::It is slow. (RFC 6749 §4.1.2)',
    ]);
  });

  it('say nothing of what passed, is known, or was not tested', () => {
    const known = { reason: 'The proxy strips it.', expires: null, link: null };
    assert.deepEqual(
      linesOf(
        sampleResult('token-a', 'pass'),
        sampleResult('token-b', 'known', { baselineStatus: 'fail', message: 'It may be stored.', known }),
        sampleResult('token-c', 'not-tested', { reason: 'No second user.' }),
      ),
      [],
    );
  });

  it('are no more than ten of a kind, which is what GitHub shows', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      sampleResult(`token-${index}`, 'fail', { message: 'It gave tokens.' }),
    );
    assert.equal(linesOf(...many).length, 10);
  });

  it('keep a message with percent signs and line breaks in one command', () => {
    const [line, ...more] = linesOf(sampleResult('token-a', 'fail', { message: '100%\n::error::x' }));
    assert.deepEqual(more, []);
    assert.match(line ?? '', /^::error title=token-a%2C MUST::100%25/);
  });
});

describe('run in GitHub Actions', () => {
  const cli = new CliRunner();
  after(() => cli.remove());
  const RUN = [
    'run',
    '--only',
    'discovery-document',
    '--no-browser',
    '--defect',
    'discovery-document',
    '--quiet',
  ];
  const annotationsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('::'));

  it('prints a command for each finding, even when quiet', async () => {
    const { code, stdout, stderr } = await cli.call(RUN, { GITHUB_ACTIONS: 'true' });
    assert.equal(code, 1, stdout);
    const [line, ...more] = annotationsIn(stdout + stderr);
    assert.deepEqual(more, []);
    assert.match(line ?? '', /^::error title=discovery-document%2C MUST::.+ \(.+ §.+\)$/);
  });

  it('prints none elsewhere', async () => {
    const { code, stdout, stderr } = await cli.call(RUN, { GITHUB_ACTIONS: '' });
    assert.equal(code, 1);
    assert.deepEqual(annotationsIn(stdout + stderr), []);
  });
});
