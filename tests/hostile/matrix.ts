/** Every place with every fault that can be there, and how the outcome is written down. */
import type { Fault } from './answers.js';
import type { Aftermath } from './attack.js';
import { CONTENT_FAULTS } from './content-faults.js';
import { NETWORK_FAULTS } from './network-faults.js';
import { PAGE_FAULTS } from './page-faults.js';
import { PLACES, type Place } from './places.js';
import { PROTOCOL_FAULTS } from './protocol-faults.js';
import { SCRIPT_FAULTS } from './script-faults.js';

export interface Pair {
  readonly where: string;
  readonly place: Place;
  readonly what: string;
  readonly fault: Fault;
}

/** The whole matrix, in order. */
export function listPairs(): readonly Pair[] {
  return Object.entries(PLACES).flatMap(([where, place]) =>
    Object.entries(faultsAt(where, place)).map(([what, fault]) => ({ where, place, what, fault })),
  );
}

/** Where a client reads what it hasn't seen before: these places also meet the rarer faults. */
const THOROUGH: readonly string[] = ['discovery', 'token', 'login page'];

function faultsAt(where: string, { isPage }: Place): Readonly<Record<string, Fault>> {
  const isThorough = THOROUGH.includes(where);
  return {
    ...NETWORK_FAULTS,
    ...(isThorough ? { ...PROTOCOL_FAULTS, ...CONTENT_FAULTS } : {}),
    ...(isPage === true ? PAGE_FAULTS : {}),
    ...(isPage === true && isThorough ? SCRIPT_FAULTS : {}),
  };
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
