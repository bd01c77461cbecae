/**
 * `npm run hostile`: each place with each fault, as a table. Words narrow it: `npm run hostile -- "login page" script`.
 * `--at-once 2` attacks that many servers at the same time; the figures are then those of a busier machine.
 */
import pLimit from 'p-limit';
import { readCount, readOptions, refuse } from '../../scripts/dev/read-options.js';
import { attack } from './attack.js';
import { formatRow, HEADING, listPairs } from './matrix.js';

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: { 'at-once': { type: 'string', default: '1' } },
});
const limit = pLimit(readCount('--at-once', values['at-once'], 1));
const chosen = listPairs().filter(({ where, what }) =>
  positionals.every((word) => `${where}: ${what}`.includes(word)),
);
if (chosen.length === 0) refuse(`No place and fault is named ${positionals.join(' ')}.`);

print(HEADING);
const harmless = await Promise.all(
  chosen.map((pair) =>
    limit(async () => {
      const aftermath = await attack(pair.place, pair.fault);
      print(formatRow(pair, aftermath));
      return aftermath.complaints.length === 0;
    }),
  ),
);
const harmful = harmless.filter((held) => !held).length;
print(['', `${chosen.length} attacks, ${harmful} of them did harm`]);
process.exitCode = harmful === 0 ? 0 : 1;

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
