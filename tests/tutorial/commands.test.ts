/** Commands do what they say when a real shell, curl and Node run them; no secret value stands in any. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type Listening, listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import type { Recipe } from '../../tutorial/lessons/recipe.js';
import { authorize, exchangeCode, registerConfidential } from '../../tutorial/lessons/steps.js';
import { SECRET_NAMES, type Values } from '../../tutorial/lessons/values.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import { curlOf, fetchOf, httpOf, languages, powerShellOf } from '../../tutorial/views/commands/index.js';

const run = promisify(execFile);

/** As in the learner's shell: nothing but the values, and no proxy of this machine. */
const environment = (values: Values) => ({ PATH: process.env.PATH, ...values });

const inShell = async (text: string, values: Values) =>
  (await run('sh', ['-c', text], { env: environment(values), timeout: 120_000 })).stdout;

const inNode = async (text: string, values: Values) =>
  (
    await run(process.execPath, ['--input-type=module', '-e', text], {
      env: environment(values),
      timeout: 120_000,
    })
  ).stdout;

describe('the solution of a lesson', () => {
  let tutorial: Tutorial;
  before(async () => {
    tutorial = await Tutorial.open({ lessons: [exchange] });
  });
  beforeEach(async () => {
    await tutorial.reset();
  });
  after(() => tutorial.close());

  it('reaches its goals with curl in a shell, and its exercise fails as expected', async () => {
    const { values } = tutorial;
    const command = curlOf(exchangeCode, values, 'filled');
    assert.match(await inShell(command, values), /^HTTP\/1\.1 200 /);
    assert.match(await inShell(command, values), /^HTTP\/1\.1 400 [\s\S]*"invalid_grant"/);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed', 'replayed']);
  });

  it('reaches its goals with fetch in Node', async () => {
    const { values } = tutorial;
    const module = fetchOf(exchangeCode, values, 'filled');
    assert.match(await inNode(module, values), /^200 /);
    assert.match(await inNode(module, values), /^400 .*"invalid_grant"/);
    await tutorial.settled();
    assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed', 'replayed']);
  });

  it('registers a client with JSON', async () => {
    const { values } = tutorial;
    assert.match(await inShell(curlOf(registerConfidential, values, 'filled'), values), /^HTTP\/1\.1 201 /);
    assert.match(await inNode(fetchOf(registerConfidential, values, 'filled'), values), /^201 /);
  });
});

/** What a shell, PowerShell, JavaScript, JSON or a URL could read otherwise. */
const NASTY = `a'b"c$HOME\`id\`!d\\e&f=g h%20+ü#\${x}’“;|<>(*)[1]@`;
const SECRET = 'polar_cs_0123456789';

const hostileText: Recipe = {
  note: 'all at once',
  method: 'POST',
  url: '{API}/echo',
  query: { 'q 1': NASTY, id: '{CLIENT_ID}' },
  headers: { 'X-Words': `it's "$HOME" \`id\`! \\ end`, 'X-Token': 'x!{ACCESS_TOKEN}y', 'X-Empty': '' },
  basic: ['{CLIENT_ID}', '{CLIENT_SECRET}'],
};
const withForm: Recipe = {
  ...hostileText,
  form: { 'f[0]': NASTY, id: '{CLIENT_ID}', secret: '{CLIENT_SECRET}' },
};
const withJson: Recipe = {
  ...hostileText,
  method: 'PUT',
  json: { name: NASTY, list: [NASTY, '{CLIENT_ID}'], secret: 'is {CLIENT_SECRET}' },
};
const byGet: Recipe = {
  ...hostileText,
  method: 'GET',
  query: { ...hostileText.query, token: '{ACCESS_TOKEN}' },
};

interface Echo {
  readonly method: string;
  readonly query: readonly (readonly string[])[];
  readonly words: string | null;
  readonly token: string | null;
  readonly empty: string | null;
  readonly authorization: string | null;
  readonly type: string | null;
  readonly body: string;
}

describe('every value reaches the server unchanged', () => {
  let echo: Listening;
  let values: Values;
  let last: Echo | null = null;

  before(async () => {
    echo = await listenOnLoopback(async (request) => {
      const { headers } = request;
      last = {
        method: request.method,
        query: [...new URL(request.url).searchParams],
        words: headers.get('x-words'),
        token: headers.get('x-token'),
        empty: headers.get('x-empty'),
        authorization: headers.get('authorization'),
        type: headers.get('content-type'),
        body: await request.text(),
      };
      return new Response('seen');
    }, 0);
    values = {
      API: `http://localhost:${echo.port}`,
      CLIENT_ID: NASTY,
      CLIENT_SECRET: SECRET,
      ACCESS_TOKEN: 'polar_at_9',
    };
  });
  after(() => echo.close());

  const controls = [
    {
      title: 'curl in a shell',
      run: async (recipe: Recipe) => inShell(curlOf(recipe, values, 'filled'), values),
    },
    {
      title: 'fetch in Node',
      run: async (recipe: Recipe) => inNode(fetchOf(recipe, values, 'filled'), values),
    },
  ];
  for (const way of controls) {
    const sent = async (recipe: Recipe): Promise<Echo> => {
      last = null;
      assert.match(await way.run(recipe), /seen/);
      assert.ok(last !== null);
      return last;
    };

    it(`${way.title}: form, query, headers and HTTP Basic`, async () => {
      const { method, query, words, token, empty, authorization, type, body } = await sent(withForm);
      assert.equal(method, 'POST');
      assert.deepEqual(query, [
        ['q 1', NASTY],
        ['id', NASTY],
      ]);
      assert.equal(words, `it's "$HOME" \`id\`! \\ end`);
      assert.equal(token, 'x!polar_at_9y');
      assert.equal(empty, '');
      const credentials = Buffer.from((authorization ?? '').replace('Basic ', ''), 'base64').toString();
      assert.deepEqual(credentials.split(':').map(decodeURIComponent), [NASTY, SECRET]);
      assert.equal(type?.split(';')[0], 'application/x-www-form-urlencoded');
      assert.deepEqual(
        [...new URLSearchParams(body)],
        [
          ['f[0]', NASTY],
          ['id', NASTY],
          ['secret', SECRET],
        ],
      );
    });

    it(`${way.title}: JSON`, async () => {
      const { method, type, body } = await sent(withJson);
      assert.equal(method, 'PUT');
      assert.equal(type, 'application/json');
      assert.deepEqual(JSON.parse(body), { name: NASTY, list: [NASTY, NASTY], secret: `is ${SECRET}` });
    });

    it(`${way.title}: GET with a query`, async () => {
      const { method, query, body } = await sent(byGet);
      assert.equal(method, 'GET');
      assert.deepEqual(query, [
        ['q 1', NASTY],
        ['id', NASTY],
        ['token', 'polar_at_9'],
      ]);
      assert.equal(body, '');
    });
  }
});

describe('commands as text', () => {
  const values: Values = Object.fromEntries(
    [...SECRET_NAMES, 'TOKEN_ENDPOINT', 'CLIENT_ID', 'REDIRECT_URI', 'API'].map((name) => [
      name,
      `value-of-${name}`,
    ]),
  );

  it("never contain a secret, or any value that's to be filled in", () => {
    for (const { id, write } of languages) {
      for (const recipe of [exchangeCode, withForm, withJson, byGet, { ...byGet, browser: 'Look.' }]) {
        for (const name of SECRET_NAMES) {
          assert.ok(!write(recipe, values, 'filled').includes(`value-of-${name}`), `${id} tells ${name}`);
        }
        assert.ok(!write(recipe, values, 'unfilled').includes('value-of-'), `${id} is filled in`);
      }
    }
  });

  it('leave a gap for unknown values', () => {
    for (const { write } of languages) assert.match(write(exchangeCode, {}, 'filled'), /<CLIENT_ID>/);
    assert.match(curlOf(exchangeCode, {}, 'unfilled'), /'client_secret=<CLIENT_SECRET>'/);
  });

  it('PowerShell: apostrophes of every kind are doubled, and secrets are environment variables', () => {
    const text = powerShellOf(
      {
        note: 'call',
        method: 'POST',
        url: 'http://localhost:1/x',
        headers: { 'X-A': 'it’s', Authorization: 'Bearer {ACCESS_TOKEN}', 'X-B': '$a"b”`c {CODE}' },
        form: { code: '{CODE}', 'a-b': "it's" },
      },
      {},
      'filled',
    );
    assert.equal(
      text,
      `Invoke-WebRequest -SkipHttpErrorCheck -Method POST -Uri 'http://localhost:1/x' -Headers @{
  'X-A' = 'it’’s'
  Authorization = "Bearer \${env:ACCESS_TOKEN}"
  'X-B' = "\`$a\`"b\`”\`\`c \${env:CODE}"
} -Body ([ordered]@{
  code = $env:CODE
  'a-b' = 'it''s'
})`,
    );
  });

  it('HTTP: request line, header and body as they travel', () => {
    const text = httpOf(exchangeCode, { ...values, TOKEN_ENDPOINT: 'http://localhost:1/v1/token' }, 'filled');
    assert.equal(
      text,
      [
        'POST /v1/token HTTP/1.1',
        'Host: localhost:1',
        'Content-Type: application/x-www-form-urlencoded',
        '',
        'grant_type=authorization_code&code=<CODE>&redirect_uri=value-of-REDIRECT_URI&client_id=value-of-CLIENT_ID&client_secret=<CLIENT_SECRET>',
      ].join('\n'),
    );
  });

  it('a browser step is a URL that opens, or a command that prints it', async () => {
    const known: Values = {
      AUTHORIZATION_ENDPOINT: 'http://localhost:1/authorize',
      CLIENT_ID: NASTY,
      REDIRECT_URI: 'http://localhost:2/callback',
      STATE: 's',
    };
    for (const write of [curlOf, fetchOf, powerShellOf]) {
      const [comment, address = ''] = write(authorize, known, 'filled').split('\n');
      assert.match(comment ?? '', /Open this in a browser\. Sign in as alice/);
      assert.equal(new URL(address).searchParams.get('client_id'), NASTY);
    }
    const secret = { ...authorize, query: { code: '{STOLEN_CODE}' } };
    const printed = await inShell(curlOf(secret, known, 'filled'), { STOLEN_CODE: 'abc' });
    assert.equal(printed, 'http://localhost:1/authorize?code=abc\n');
  });
});
