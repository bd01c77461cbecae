/** `npm run hostile`: each place with each fault, one line for each. Words narrow it: `npm run hostile -- token reset`. */
import { attack } from './attack.js';
import { type Fault, NETWORK_FAULTS, PAGE_FAULTS } from './faults.js';
import { PAGE, PLACES } from './server.js';

const wanted = process.argv.slice(2);
const pairs = [
  ...Object.keys(PLACES).flatMap((place) =>
    Object.entries(NETWORK_FAULTS).map((fault) => [place, ...fault] as const),
  ),
  ...Object.entries({ ...NETWORK_FAULTS, ...PAGE_FAULTS }).map((fault) => [PAGE, ...fault] as const),
].filter(([place, name]) => wanted.every((word) => `${place} ${name}`.includes(word)));

let failed = 0;
for (const [place, name, fault] of pairs) failed += await tell(place, name, fault);
process.stdout.write(`${pairs.length} attacks, ${failed} of them did harm\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function tell(place: string, name: string, fault: Fault): Promise<0 | 1> {
  const { code, seconds, nodeMiB, browserMiB, said: printed, complaints } = await attack(place, fault);
  const memory = `${nodeMiB} MiB, browser ${browserMiB} MiB`;
  process.stdout.write(
    `${complaints.length === 0 ? 'held' : 'HARM'} ${place}: ${name} | exit ${code}, ${seconds} s, ${memory} | ${printed}\n`,
  );
  for (const complaint of complaints) process.stdout.write(`     ${complaint.replaceAll('\n', '\n     ')}\n`);
  return complaints.length === 0 ? 0 : 1;
}
