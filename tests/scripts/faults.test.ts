/** Our own faults: whatever part of the program fails, each command says so in one sentence and ends with exit 70. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { CliRunner } from './cli.js';
import { assertSays, assertWhole, ends, file } from './exit-code-rows.js';

/** Judged in a moment, without a browser. */
const ONE = ['run', '--only', 'discovery-issuer-match'] as const;
/** Judged with a browser, by an engine in a process of its own. */
const PAGE = ['run', '--only', 'authz-state-echo'] as const;

/** Hooks of Node's own loader: modules of the program are replaced by failures. */
const BREAKING = `
let broken = [];
let late = false;
export async function initialize(data) { broken = data.modules; late = data.late; }
export async function load(url, context, next) {
  if (!broken.some((name) => url.endsWith('/dist/' + name) || url.endsWith('/dist/scripts/' + name)))
    return next(url, context);
  const fails = 'throw new TypeError("a part is broken")';
  const source = late ? 'setImmediate(() => { ' + fails + ' }); await new Promise(() => {})' : fails;
  return { format: 'module', shortCircuit: true, source };
}`;
const HOOKS = `data:text/javascript,${encodeURIComponent(BREAKING)}`;

/** Each command, whose module fails as soon as it's loaded. */
const COMMANDS: readonly (readonly string[])[] = [
  ONE,
  ['compare', 'one.json', 'two.json'],
  ['merge', 'one.json'],
  ['doctor'],
  ['prove', 'discovery-issuer-match'],
  ['repeat', 'discovery-issuer-match'],
  ['list'],
  ['explain', 'token'],
  ['init', 'http://127.0.0.1:9'],
  ['sandbox'],
  ['tutorial'],
];
/** Parts that fail when a run already does something. */
const LATER = ['commands/run.js', 'decide.js', 'engine/local-engine.js'];
const FAULT = /^A fault of polar-conformance itself: .+; details are in \.polar-conformance\/fault\.txt\.$/;

/** A variable for the process that breaks one of its modules. */
const broken = (module: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=${file('breaking.mjs')}`,
  BROKEN_MODULE: module,
});

describe('our own faults', () => {
  before(() => {
    writeFileSync(
      file('breaking.mjs'),
      `import { register } from 'node:module';
       register(${JSON.stringify(HOOKS)}, {
         data: { modules: [process.env.BROKEN_MODULE], late: process.env.BROKEN_LATE === 'yes' },
       });`,
    );
  });

  describe('in the module of a command', () => {
    before(() =>
      register(HOOKS, { data: { modules: COMMANDS.map(([name]) => `commands/${name}.js`), late: false } }),
    );
    for (const args of COMMANDS) it(`70: ${args[0]}`, () => ends(['', 70, args, FAULT], 'call'));
  });

  describe('in a process', { concurrency: 2 }, () => {
    for (const module of LATER) {
      it(`70: run, when ${module} fails`, () => ends(['', 70, ONE, FAULT, broken(module)]));
    }

    it("70: even if the details can't be written", async () => {
      const cli = new CliRunner();
      writeFileSync(join(cli.cwd, '.polar-conformance'), 'in the way');
      const ended = await cli.start(['list'], broken('commands/list.js')).ended;
      assert.equal(ended.code, 70);
      assertSays(ended, /; the details could not be written\.$/);
      cli.remove();
    });

    it("70: even if it can't say so properly", () =>
      ends([
        '',
        70,
        ['list'],
        /^Something is wrong with this installation of .*: a part is broken\. Reinstall it\.$/,
        broken('scripts/main.js'),
      ]));

    it('70: even next to work in progress', () =>
      ends(['', 70, ['list'], FAULT, { ...broken('commands/list.js'), BROKEN_LATE: 'yes' }]));

    it("70: if the engine doesn't start, and the details are kept", async () => {
      const cli = new CliRunner();
      const { code, stderr } = await cli.start(PAGE, broken('engine/scheduler.js')).ended;
      assert.equal(code, 70);
      assert.match(stderr.trim(), FAULT);
      assert.match(stderr, /the engine did not start/);
      assert.match(readFileSync(join(cli.cwd, '.polar-conformance/fault.txt'), 'utf8'), /scheduler\.js/);
      assertWhole(cli, code);
      cli.remove();
    });
  });
});
