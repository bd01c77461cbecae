/** Every place with every fault that can be there, and how the outcome is written down. */
import type { Fault } from './answers.js';
import type { Aftermath } from './attack.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { PAGE_FAULTS } from './page-faults.js';
import { PLACES, type Place } from './places.js';

export interface Pair {
  readonly where: string;
  readonly place: Place;
  readonly what: string;
  readonly fault: Fault;
}

/** The whole matrix, in order. */
export function listPairs(): readonly Pair[] {
  return Object.entries(PLACES).flatMap(([where, place]) =>
    Object.entries(place.isPage === true ? { ...NETWORK_FAULTS, ...PAGE_FAULTS } : NETWORK_FAULTS).map(
      ([what, fault]) => ({ where, place, what, fault }),
    ),
  );
}

/** @throws Error if there is no such pair */
export function findPair(where: string, what: string): Pair {
  const pair = listPairs().find((one) => one.where === where && one.what === what);
  if (pair === undefined) throw new Error(`there is no attack ${where}: ${what}`);
  return pair;
}

export const HEADING = [
  '| place | fault | status | exit | seconds | node MiB | browser MiB | left | sentence |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

/** @returns a row of the table, and what didn't hold below it */
export function formatRow({ where, what }: Pair, aftermath: Aftermath): readonly string[] {
  const { status, code, seconds, nodeMiB, browserMiB, left, sentence, complaints } = aftermath;
  const cells = [where, what, status, code, seconds, nodeMiB, browserMiB, left.length || 'nothing', sentence];
  return [
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`,
    ...complaints.map((complaint) => `HARM ${complaint}`),
  ];
}
