/** The line that says what each key does, short enough to stay on one line of the terminal. */

const LONG = 'h hint   s solution   n next   l lessons   r restart lesson   o page   q quit';
const SHORT = 'h hint  s solution  n next  l list  r restart  q quit';

/** @param width columns of the terminal; a full line would wrap */
export function keysLine(width: number): string {
  const line = LONG.length + 1 < width ? LONG : SHORT;
  return ` ${line}`.slice(0, width - 1);
}
