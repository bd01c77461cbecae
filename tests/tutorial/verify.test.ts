/** The judge of a learner's ID Token verifier, and what the tutorial says of a token. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SAMPLE, VERIFIER } from '../../tutorial/lessons/id-token/exercise.js';
import { idToken } from '../../tutorial/lessons/id-token/index.js';
import { explainIdToken, readKeySet } from '../../tutorial/token/explain.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { checkFlaws, FLAWS, flawExercise } from '../../tutorial/verify/flaws.js';
import { readTokens, type TokensToVerify } from '../../tutorial/verify/tokens.js';
import { verifyWith } from '../../tutorial/verify/verify.js';

let tutorial: Tutorial;
let given: TokensToVerify;

before(async () => {
  tutorial = await Tutorial.open({ lessons: [idToken] });
  const tokens = await tutorial.idTokensToVerify();
  assert.ok(tokens);
  given = tokens;
});

after(() => tutorial.close());

const run = (source: string): readonly string[] => [process.execPath, '-e', source];

/** A program that reads the token and its claims, and then runs this. */
const reading = (source: string): readonly string[] =>
  run(`let token = '';
    process.stdin.on('data', (text) => { token += text; });
    process.stdin.on('end', () => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
      const env = process.env;
      ${source}
    });`);

const wrong = (lines: Awaited<ReturnType<typeof verifyWith>>['lines']) =>
  lines.filter(({ ok }) => !ok).map(({ kind }) => kind);

test('the sample verifier is right about every token, and reaches the exercise', async () => {
  assert.deepEqual(tutorial.progress(idToken.id).reached, []);
  const result = await tutorial.verifyWith([process.execPath, SAMPLE]);
  assert.equal(result.exitCode, 0, result.message);
  assert.deepEqual(
    result.lines.map(({ kind, ok }) => [kind, ok]),
    given.tokens.map(({ kind }) => [kind, true]),
  );
  // It fetches the keys, as a learner has to.
  assert.deepEqual(tutorial.progress(idToken.id).reached, ['keys', VERIFIER]);
});

test('a verifier that only decodes is told each check it misses', async () => {
  await tutorial.reset();
  const described: string[] = [];
  const result = await verifyWith(reading(''), given, { onLine: ({ kind }) => described.push(kind) });
  assert.equal(result.exitCode, 1);
  assert.deepEqual(wrong(result.lines), ['signature', 'alg-none', 'iss', 'aud', 'exp', 'nonce']);
  assert.deepEqual(
    described,
    given.tokens.map(({ kind }) => kind),
  );
  const step = (kind: string) =>
    /step[s ]*([\d and]+)\)/.exec(result.lines.find((line) => line.kind === kind)?.text ?? '')?.[1];
  assert.deepEqual(['signature', 'alg-none', 'iss', 'aud', 'exp', 'nonce'].map(step), [
    '6',
    '6 and 7',
    '2',
    '3',
    '9',
    '11',
  ]);
});

test('a verifier that only compares claims, and aud as a string', async () => {
  const source = `process.exit(claims.iss === env.ISSUER && claims.aud === env.CLIENT_ID &&
    claims.nonce === env.NONCE && Date.now() < claims.exp * 1000 ? 0 : 1);`;
  const { exitCode, lines } = await verifyWith(reading(source), given);
  assert.equal(exitCode, 1);
  assert.deepEqual(wrong(lines), ['audience-list', 'signature', 'alg-none']);
  assert.match(
    lines.find(({ kind }) => kind === 'audience-list')?.text ?? '',
    /^It rejected .* list of strings/,
  );
  assert.deepEqual(tutorial.progress(idToken.id).reached, []);
});

test("a verifier that can't be run gets its own message", async () => {
  const missing = await verifyWith(['no-such-program-here'], given);
  assert.deepEqual([missing.exitCode, missing.lines], [2, []]);
  assert.match(missing.message, /^The command could not be started \(program not found\)/);

  const none = await verifyWith([], given);
  assert.equal(none.exitCode, 2);
  assert.match(none.message, /^Name your verifier/);

  const hung = await verifyWith(run('setInterval(() => {}, 1000)'), given, { limitMs: 400 });
  assert.equal(hung.exitCode, 2);
  assert.match(hung.message, /did not finish within 0.4 s/);

  const refused = await verifyWith(
    reading(`console.error('Error: bad \\u001b[31m' + token); process.exit(3)`),
    given,
  );
  assert.equal(refused.exitCode, 1);
  assert.match(refused.message, /^The command rejected the valid token \(it exited with 3 and said/);
  assert.match(refused.message, /Error: bad \[31m\[token\]/);
  assert.equal(refused.lines.length, 1);
});

test('it can be ended early', async () => {
  const ending = new AbortController();
  const running = verifyWith(run('setInterval(() => {}, 1000)'), given, { signal: ending.signal });
  ending.abort(new Error('ended by the user'));
  await assert.rejects(running, /ended by the user/);
});

test('another process gets the tokens as plain data', () => {
  assert.deepEqual(readTokens(JSON.parse(JSON.stringify(given))), given);
  const bad: readonly unknown[] = [
    null,
    'text',
    {},
    { ...given, nonce: 1 },
    { ...given, tokens: [] },
    { ...given, tokens: [{ kind: 'odd', token: 'x' }] },
    { ...given, tokens: given.tokens.slice(1) },
  ];
  assert.deepEqual(
    bad.map(readTokens),
    bad.map(() => null),
  );
});

test('a token is explained claim by claim, and each altered one fails at its step', async () => {
  const keys = readKeySet(await (await fetch(given.jwksUri)).json());
  assert.ok(keys);
  assert.deepEqual(
    [readKeySet(null), readKeySet({ keys: 'x' }), readKeySet({ keys: [{}] })],
    [null, null, null],
  );
  const expected = { ...given, keys, now: Math.floor(Date.now() / 1000) };
  const failing: Record<string, readonly number[] | undefined> = {};
  for (const { kind, token } of given.tokens) {
    const explained = await explainIdToken(token, expected);
    failing[kind] = explained?.steps.filter(({ ok }) => !ok).map(({ step }) => step);
    assert.deepEqual(
      explained?.steps.map(({ step }) => step),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    );
    assert.equal(explained?.isGood, failing[kind]?.length === 0);
    assert.ok(explained?.explained.every(({ text, value }) => text !== '' && value !== ''));
  }
  assert.deepEqual(failing, {
    good: [],
    'audience-list': [],
    signature: [6],
    'alg-none': [6, 7],
    iss: [2],
    aud: [3],
    exp: [9],
    nonce: [11],
  });
  assert.equal(await explainIdToken('no token', expected), null);
});

test('the flaws of three tokens can be found by eye', () => {
  const { expected, tokens, choices } = flawExercise(given);
  assert.equal(tokens.length, 3);
  assert.equal(choices.length, FLAWS.length);
  // What a reader sees, and nothing that tells the answer otherwise.
  const answers = tokens.map(({ header, claims }) => {
    if (header.alg === 'none') return 'It isn’t signed.';
    if (claims.iss !== expected.issuer) return 'Another issuer made it.';
    if (claims.aud !== expected.clientId) return 'It’s for another client.';
    if (claims.nonce !== expected.nonce) return 'It answers another request.';
    return 'It has expired.';
  });
  assert.deepEqual(checkFlaws(answers.map((answer) => choices.indexOf(answer))), [true, true, true]);
  assert.deepEqual(checkFlaws([0, 0, 0]).filter((right) => right).length, 1);
  assert.deepEqual(checkFlaws([null, null, null]), [false, false, false]);
  assert.deepEqual(checkFlaws([]), [false, false, false]);
});
