/**
 * Makes text that a server or a file controls harmless for readers: shows control characters and direction marks as
 * their codes, and breaks up lines that a CI system would take for its own commands.
 */

const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Also matches a color sequence as one piece: a control character, which must be ESC, and its parameters. */
const CONTROLS_AND_COLORS = /\p{Cc}\[[\d;]*m|[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const ESC = '\x1b';
/** Azure Pipelines, TeamCity and GitHub find these anywhere in a line. */
const MARKED_COMMAND = /##(?=\w*\[)/g;
/** GitHub finds these at the start of a line, after any spaces. */
const LINE_COMMAND = /^((?:[^\S\n]|\p{Cc}\[[\d;]*m)*)::(?=[a-z])/gimu;

/** @returns the text with every control character except line breaks and tabs shown as its code */
export function showControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(CONTROLS, showUnlessSpace);
}

/**
 * For output that people or a CI system read. Also fine for JSON, which stays valid.
 * @param colors whether to leave escape sequences that only set colors
 */
export function makeHarmless(text: string, colors: boolean): string {
  return neutralizeCommands(text).replace(CONTROLS_AND_COLORS, (found) => {
    const [first = '', ...rest] = found;
    if (rest.length > 0 && first === ESC) return colors ? found : '';
    return showUnlessSpace(first) + rest.join('');
  });
}

/** @returns the text with no lines that a CI system would obey */
export function neutralizeCommands(text: string): string {
  return text.replace(MARKED_COMMAND, '# #').replace(LINE_COMMAND, '$1: :');
}

/** @returns JSON of the same value, with no characters that would do harm where it's printed */
export function makeHarmlessJson(json: string): string {
  return json.replace(MARKED_COMMAND, '#\\u0023').replace(CONTROLS, showUnlessSpace);
}

function showUnlessSpace(character: string): string {
  if (character === '\n' || character === '\t') return character;
  // Beyond the basic plane, JSON writes two halves, and so does this.
  return Array.from({ length: character.length }, (_, index) => {
    const code = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${code}`;
  }).join('');
}
