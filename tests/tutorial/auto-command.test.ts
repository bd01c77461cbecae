/** The command tutorial --auto, and how a start opens the page. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { canOpenBrowser, openCommand, openPage } from '../../scripts/tutorial/open-page.js';
import { checkArguments, type TutorialArguments } from '../../scripts/tutorial/options.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { CliRunner } from '../scripts/cli.js';

const cli = new CliRunner();
/** Programs that the tutorial starts write to the streams of its process. */
const run = (...args: readonly string[]) => cli.start(args).ended;
after(() => cli.remove());

describe('tutorial --auto', () => {
  it("plays a lesson with all its mistakes and leaves the learner's file alone", async () => {
    const played = cli.start(['tutorial', '--auto', '--mistakes', '--lesson', 'exchange'], {
      XDG_STATE_HOME: join(cli.folder, 'nothing'),
    });
    const { code, stdout } = await played.ended;
    assert.equal(code, 0, stdout);
    const lines = stdout.trimEnd().split('\n');
    const { goals, exercises, mistakes } = exchange;
    assert.equal(lines.length, goals.length + exercises.length + mistakes.length + 1);
    for (const { id, requirement } of mistakes) {
      assert.ok(
        lines.some((line) => line.startsWith(`ok   exchange mistake ${id} [${requirement}] `)),
        id,
      );
    }
    assert.equal(lines.at(-1), `${lines.length - 1} of ${lines.length - 1} verified.`);
    assert.equal(existsSync(join(cli.folder, 'nothing')), false);
  });

  it('names lesson, requirement and rule where the sandbox is broken', async () => {
    const args = ['tutorial', '--auto', '--lesson', 'exchange', '--defect', 'token-code-single-use'];
    const [text, json] = await Promise.all([run(...args), run(...args, '--json')]);
    assert.equal(text.code, 1);
    assert.match(
      text.stdout,
      /^FAIL exchange exercise replayed \[token-code-single-use\] .*accepted what it must refuse/m,
    );
    assert.match(
      text.stdout,
      /^Lesson exchange: exercise replayed was not verified \(requirement token-code-single-use, sandbox rule: codeUnused\)\.$/m,
    );
    assert.equal(json.code, 1);
    const report: unknown = JSON.parse(json.stdout);
    assert.ok(typeof report === 'object' && report !== null && 'ok' in report && 'played' in report);
    assert.equal(report.ok, false);
    assert.ok(Array.isArray(report.played));
    const [, exercise]: unknown[] = report.played;
    assert.ok(typeof exercise === 'object' && exercise !== null);
    const { message, ...rest } = { message: null, ...exercise };
    assert.match(String(message), /accepted what it must refuse/);
    assert.deepEqual(rest, {
      lesson: 'exchange',
      kind: 'exercise',
      id: 'replayed',
      ok: false,
      requirement: 'token-code-single-use',
      rules: ['codeUnused'],
    });
  });

  it("rejects options that can't be combined", async () => {
    const nothing: TutorialArguments = {
      list: false,
      open: true,
      plain: false,
      auto: false,
      mistakes: false,
      defects: [],
      json: false,
      color: true,
    };
    const wrong: readonly (readonly [Partial<TutorialArguments>, RegExp])[] = [
      [{ mistakes: true }, /^--mistakes only works with --auto\.$/],
      [{ json: true }, /^--json only works with --auto\.$/],
      [{ defects: ['token-code-single-use'] }, /^--defect only works with --auto/],
      [{ auto: true, reset: '' }, /^--auto doesn't touch your own progress/],
      [{ auto: true, state: 'x' }, /^--auto doesn't touch your own progress/],
      [{ list: true, reset: '' }, /^Use either --list or --reset/],
      [{ reset: 'exchang' }, /^--reset: there is no lesson exchang\. Did you mean exchange\?$/],
      [{ lesson: 'exchang' }, /^--lesson: there is no lesson exchang\. Did you mean exchange\?$/],
      [{ port: 70_000 }, /^--port must be a whole number/],
      [{ port: Number.NaN }, /^--port must be a whole number/],
    ];
    checkArguments(nothing);
    for (const [given, message] of wrong) {
      assert.throws(() => checkArguments({ ...nothing, ...given }), { name: 'UsageError', message });
    }
    const [defect, command] = await Promise.all([
      run('tutorial', '--auto', '--defect', 'nope'),
      run('tutorial', 'envv'),
    ]);
    assert.equal(defect.code, 2);
    assert.match(defect.stderr, /^--defect: no defect breaks nope\. Did you mean .*\?\n$/);
    assert.equal(command.code, 2);
    assert.equal(command.stderr, 'There is no command envv. Did you mean env?\n');
  });
});

describe('opening the page', () => {
  it("happens if there's a browser, and may fail", async () => {
    assert.equal(canOpenBrowser({ DISPLAY: ':0' }, 'linux', true), true);
    assert.equal(canOpenBrowser({ WAYLAND_DISPLAY: 'w' }, 'linux', true), true);
    assert.equal(canOpenBrowser({ DISPLAY: '' }, 'linux', true), false);
    assert.equal(canOpenBrowser({ DISPLAY: ':0', CI: 'true' }, 'linux', true), false);
    assert.equal(canOpenBrowser({ DISPLAY: ':0' }, 'linux', false), false);
    assert.equal(canOpenBrowser({}, 'darwin', true), true);
    assert.equal(canOpenBrowser({ SSH_CONNECTION: 'x' }, 'darwin', true), false);
    assert.deepEqual(openCommand('linux', 'u'), ['xdg-open', ['u']]);
    openPage('http://localhost/', [join(cli.folder, 'no-such-opener'), []]);
    // An error that nobody takes would end this test's process.
    await new Promise((resolve) => setImmediate(resolve));
  });
});
