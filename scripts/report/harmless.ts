/**
 * Text that a server or a file controls, made harmless where it's read: control characters and marks of direction are
 * shown as their codes, and lines that a CI system would take for its own commands are no longer that.
 */

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Also takes what colors as one piece: a control character, which must be ESC, and its parameters. */
const CONTROLS_AND_COLORS = /\p{Cc}\[[\d;]*m|[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const ESC = '\x1b';
/** Azure Pipelines, TeamCity and GitHub find these anywhere in a line. */
const MARKED_COMMAND = /##(?=\w*\[)/g;
/** GitHub finds these at the start of a line, spaces left out. */
const LINE_COMMAND = /^((?:[^\S\n]|\p{Cc}\[[\d;]*m)*)::(?=[a-z])/gimu;

/** @returns the text with every control character but line breaks and tabs shown as its code */
export function showControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, showUnlessSpace);
}

/**
 * For a stream that people or a CI system read; also fine for JSON, which it leaves valid.
 * @param colors whether escape sequences that only color are kept
 */
export function makeHarmless(text: string, colors: boolean): string {
  return neutralizeCommands(text).replace(CONTROLS_AND_COLORS, (found) => {
    const [first = '', ...rest] = found;
    if (rest.length > 0 && first === ESC) return colors ? found : '';
    return showUnlessSpace(first) + rest.join('');
  });
}

/** @returns the text without lines that a CI system would obey */
export function neutralizeCommands(text: string): string {
  return text.replace(MARKED_COMMAND, '# #').replace(LINE_COMMAND, '$1: :');
}

/** @returns JSON of the same value, without the characters that would do harm where it's printed */
export function makeHarmlessJson(json: string): string {
  return json.replace(MARKED_COMMAND, '#\\u0023').replace(CONTROLS, showUnlessSpace);
}

function showUnlessSpace(character: string): string {
  if (character === '\n' || character === '\t') return character;
  // Beyond the basic plane JSON writes two halves, and so does this.
  return Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${code}`;
  }).join('');
}
