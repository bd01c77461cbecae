/** `list`, `explain`, help and version; and that none of them, nor `run`, loads Playwright into its own process. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { isObject } from '../../fixtures/parse-json.js';
import { describeTool } from '../../scripts/tool.js';
import { packageVersion } from '../../scripts/version.js';
import { CATALOG_VERSION, catalog, catalogHash, listEntries } from '../../suites/catalog.js';
import { CliRunner } from './cli.js';

const cli = new CliRunner();
after(() => cli.remove());

describe('list', () => {
  it('prints the whole catalog as JSON, with the members that are promised', async () => {
    const { code, stdout } = await cli.run('list', '--json');
    const listed: unknown = JSON.parse(stdout);
    assert.equal(code, 0);
    assert.ok(Array.isArray(listed));
    assert.deepEqual(
      listed.map((each: unknown) => (isObject(each) ? each.id : null)),
      listEntries().map(({ requirement }) => requirement.id),
    );
    const members = [
      'id',
      'chapter',
      'level',
      'levelReason',
      'profile',
      'needs',
      'statement',
      'clauses',
      'defect',
    ];
    for (const each of listed) assert.deepEqual(Object.keys(each), members);
  });

  it('narrows by clause and by chapter', async () => {
    const { stdout } = await cli.run('list', '--json', '--clause', 'RFC 6749#5.1', '--chapter', 'token');
    const listed: unknown = JSON.parse(stdout);
    assert.ok(Array.isArray(listed) && listed.length > 0);
    for (const each of listed) assert.equal(each.chapter, 'token');
  });

  it('tells users how many there are', async () => {
    const { stdout } = await cli.run('list');
    assert.match(stdout, new RegExp(`^${listEntries().length} requirements\\.`, 'm'));
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.length > 80),
      [],
    );
  });
});

describe('explain', () => {
  it('tells statement, clause with its link, check and defect of a requirement', async () => {
    const { code, stdout } = await cli.run('explain', 'token-code-single-use');
    assert.equal(code, 0);
    assert.match(stdout, /^token-code-single-use \(MUST, token, profile oauth\)/);
    for (const part of ['RFC 6749 §4.1.2', 'https://www.rfc-editor.org/', 'Check', 'Defect']) {
      assert.ok(stdout.includes(part), part);
    }
  });

  it("says why, where the clause's keyword alone doesn't give the level", async () => {
    const { stdout } = await cli.run('explain', 'robust-token-bytes');
    assert.match(stdout, /^ {2}Level {5}Section 5\.2 has 400 "unless specified otherwise"\./m);
    const { stdout: plain } = await cli.run('explain', 'token-no-store');
    assert.doesNotMatch(plain, /^ {2}Level/m);
  });

  it('tells the story of a chapter and names its requirements', async () => {
    const { stdout } = await cli.run('explain', 'token');
    const chapter = catalog.find(({ id }) => id === 'token');
    assert.ok(chapter);
    for (const { id } of chapter.requirements) assert.ok(stdout.includes(id), id);
    assert.ok(stdout.replace(/\s+/g, ' ').includes(chapter.scenario.replace(/\s+/g, ' ').slice(0, 60)));
  });
});

describe('the program itself', () => {
  it('has help and a version', async () => {
    const help = await cli.start(['--help']).ended;
    assert.equal(help.code, 0);
    for (const name of ['run', 'list', 'explain', 'prove', 'sandbox']) assert.ok(help.stdout.includes(name));
  });

  it('says by which catalog it judges, as a report does', async () => {
    const { code, stdout } = await cli.start(['--version']).ended;
    assert.equal(code, 0);
    const expected = `${packageVersion()} (catalog ${CATALOG_VERSION}, hash ${catalogHash()})`;
    assert.equal(stdout.trim(), expected);
    const { version, catalogVersion: printed, catalogHash: hash } = describeTool();
    assert.deepEqual([version, printed, hash], [packageVersion(), CATALOG_VERSION, catalogHash()]);
  });

  it('never loads Playwright for a command that sends nothing through a browser', async () => {
    const hook = `export const resolve = (name, context, next) => {
      if (name.includes('playwright')) throw new Error('playwright was loaded by ' + context.parentURL);
      return next(name, context);
    };`;
    const module = `data:text/javascript,${encodeURIComponent(hook)}`;
    const register = `import { register } from 'node:module'; register(${JSON.stringify(module)});`;
    const guard = ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
    for (const args of [['list'], ['explain', 'token'], ['run', 'http://127.0.0.1:9']]) {
      const { stderr, code } = await cli.start(args, {}, guard).ended;
      assert.ok(!stderr.includes('playwright'), stderr);
      assert.equal(code, args[0] === 'run' ? 3 : 0);
    }
    // The guard itself works: a check that needs a page finds no browser behind it.
    const { stdout } = await cli.start(['prove', 'authz-state-echo'], {}, guard).ended;
    assert.match(stdout, /There is no browser/);
  });
});
