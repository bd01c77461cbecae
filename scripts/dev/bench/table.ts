/** The figures of the bench for readers: as a table that says what they mean, and as JSON. */
import { availableParallelism } from 'node:os';
import { listEntries } from '../../../suites/catalog.js';
import { median } from './median.js';
import { FLOOR_PAGES } from './runs.js';

/** One figure of every round, or a ratio of medians. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** @param loads how many processes wanted a processor when each part began */
export function renderTable(rows: readonly Row[], rounds: number, loads: readonly number[]): string {
  const widest = Math.max(...rows.map(({ name }) => name.length), 0);
  const line = (name: string, figures: readonly string[], unit: string) =>
    `${name.padEnd(widest)}${figures.map((figure) => figure.padStart(10)).join('')} ${unit}`.trimEnd();
  const body = rows.map(({ name, unit, values }) => {
    const figures = [median(values), Math.min(...values), Math.max(...values)];
    const digits = figures.every(Number.isInteger) ? 0 : 2;
    const shown = values.length === 1 ? figures.slice(0, 1) : figures;
    return line(
      name,
      shown.map((figure) => figure.toFixed(digits)),
      unit,
    );
  });
  const { node, processors, load } = describeMachine(loads);
  const lines = [
    `Node ${node}, ${processors} processors, load ${load.lowest.toFixed(1)} to ${load.highest.toFixed(1)}, ${count(rounds, 'round')}.`,
    '',
    line('', ['median', 'lowest', 'highest'], ''),
    ...body,
    '',
    `Floor: what Playwright Test itself takes for ${listEntries().length} empty tests and ${FLOOR_PAGES} trivial pages with two workers, measured`,
    'right after each run. No suite of that many tests is faster, so the ratio says what judging costs on this machine.',
    'CPU: of the command and everything that it starts, read from /proc every 40 ms; each process loses its last 40 ms.',
    `Wall times count only on a quiet machine: with a load above ${processors} before a part, processes waited for each other.`,
  ];
  return `${lines.join('\n')}\n`;
}

export function renderJson(rows: readonly Row[], rounds: number, loads: readonly number[]): string {
  const content = {
    ...describeMachine(loads),
    at: new Date().toISOString(),
    rounds,
    rows: rows.map((row) => ({ ...row, median: median(row.values) })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function describeMachine(loads: readonly number[]) {
  return {
    node: process.version,
    platform: process.platform,
    processors: availableParallelism(),
    load: { lowest: Math.min(...loads), highest: Math.max(...loads) },
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
