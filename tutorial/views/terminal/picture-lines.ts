/** The picture of a lesson as lines. */
import type { SequenceDiagram, StepState } from '../../../fixtures/diagram/sequence.js';
import { renderSequencePlain, renderSequenceText } from '../../../fixtures/diagram/text.js';
import { type LineStyle, paragraph } from './line-style.js';

/** @returns one line for each step, colored by its state; sentences in plain mode */
export function pictureLines(picture: SequenceDiagram, style: LineStyle): readonly string[] {
  if (style.isPlain) return renderSequencePlain(picture).flatMap((line) => paragraph(line, style));
  return renderSequenceText(picture, style.width).map(({ text, state }) => colorOf(state, style)(text));
}

function colorOf(state: StepState | null, { paint }: LineStyle): (text: string) => string {
  switch (state) {
    case 'done':
      return paint.green;
    case 'failed':
      return paint.red;
    case 'here':
      return paint.bold;
    case 'ahead':
      return paint.dim;
    case null:
      return (text) => text;
  }
}
