/** The shell variables that replace secrets in printed commands: one for each label, named after its kind. */

/** Names that mean something to the shell or the system. */
const RESERVED_NAMES = /^(PATH|HOME|IFS|ENV|PWD|OLDPWD|SHELL|USER|LANG|TERM|CDPATH|(PS|LC|LD|NODE)_?\w*)$/;

const LABEL = /‹([^›]+)›/g;

export interface Variable {
  readonly name: string;
  /** The label as in the evidence, without its marks. */
  readonly label: string;
}

/** A piece of text: as it is, or the variable in its place. */
export type Piece = string | Variable;

export class Variables {
  readonly #byLabel = new Map<string, Variable>();

  /** @returns the text with a variable for each label */
  pieces(text: string): readonly Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    for (const { index, 0: whole, 1: label = '' } of text.matchAll(LABEL)) {
      if (index > at) pieces.push(text.slice(at, index));
      pieces.push(this.#variable(label));
      at = index + whole.length;
    }
    if (at < text.length) pieces.push(text.slice(at));
    return pieces;
  }

  /** @returns all of them, in the order in which they came */
  all(): readonly Variable[] {
    return [...this.#byLabel.values()];
  }

  #variable(label: string): Variable {
    const known = this.#byLabel.get(label);
    if (known !== undefined) return known;
    const base = createVariableName(label);
    const taken = new Set(this.all().map(({ name }) => name));
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    const variable = { name, label };
    this.#byLabel.set(label, variable);
    return variable;
  }
}

/** `access_token a3f9, last character changed` is called ACCESS_TOKEN. */
function createVariableName(label: string): string {
  const kind = label.replace(/,.*$/s, '').replace(/ [0-9a-f]{4}$/, '');
  const name = kind
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[A-Z]/.test(name) && !RESERVED_NAMES.test(name) ? name : `SECRET_${name}`;
}
