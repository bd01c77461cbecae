/** Every command in the README, the docs and the contributor's guide runs as it is written. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { createSandbox } from '../../fixtures/sandbox/index.js';
import { Checkout } from '../scripts/checkout.js';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = [
  'README.md',
  '.github/CONTRIBUTING.md',
  ...readdirSync(new URL('docs/', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Exit codes of commands that are meant to end otherwise than well. */
const EXPECTED: readonly (readonly [RegExp, number])[] = [
  [/run --defect/, 1],
  [/compare old\.json new\.json/, 1],
];

/** They run until someone stops them, are the set-up itself, or are run whole by the tests of proofs. */
const LEFT_OUT = [/ sandbox\b/, /^npm /, /^docker /, /prove --variants/];

describe('commands in the documentation', () => {
  const sandbox = createSandbox({ aging: true });
  const { username, password } = sandbox.target().users.first;
  /** What the target file that `init` writes asks for. */
  const environment = { FIRST_USERNAME: username, FIRST_PASSWORD: password };
  let close: () => Promise<void>;
  let checkout: Checkout;
  before(async () => {
    ({ close } = await sandbox.listen());
    checkout = await checkoutWithReports(sandbox.target());
  });
  after(async () => {
    checkout.remove();
    await close();
  });

  for (const page of PAGES) {
    for (const command of commandsOf(page)) {
      it(`${page}: ${command}`, async () => {
        const words = command.replace('https://auth.example.com', `${sandbox.target().issuer} --force`);
        const expected = EXPECTED.find(([pattern]) => pattern.test(command))?.[1] ?? 0;
        const { code, output } = await checkout.shell(words, environment);
        assert.equal(code, expected, output);
      });
    }
  }
});

/** @returns the commands of a page's shell snippets, continued lines joined and comments cut */
function commandsOf(page: string): readonly string[] {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)]
    .flatMap(([, body = '']) => body.replaceAll('\\\n', ' ').split('\n'))
    .map((line) =>
      line
        .replace(/\s+#.*$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '' && !line.startsWith('#'))
    .filter((line) => !LEFT_OUT.some((pattern) => pattern.test(line)));
}

/** The files that the commands name: targets, a baseline, and reports of a healthy and of a broken server. */
async function checkoutWithReports(target: object): Promise<Checkout> {
  const settings = JSON.stringify({ ...target, name: 'staging' });
  const checkout = new Checkout({
    'staging.json': settings,
    'polar-conformance.json': settings,
    'known.json': JSON.stringify({ entries: [] }),
  });
  const reports = [
    'npx polar-conformance run sandbox --chapter discovery --report json=old.json',
    'npx polar-conformance run sandbox --chapter discovery --defect discovery-stable --report json=new.json',
    ...[1, 2].map(
      (n) =>
        `npx polar-conformance run staging.json --chapter discovery --shard ${n}/2 --report json=shard-${n}.json`,
    ),
  ];
  for (const command of reports) await checkout.shell(command);
  return checkout;
}
