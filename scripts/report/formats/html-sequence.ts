/** The exchanges of a failing requirement as a sequence diagram: who sent what, and which response decided. */

import { html, raw } from 'hono/html';
import type { SequenceDiagram, SequenceStep } from '../../../fixtures/diagram/sequence.js';
import { renderSequenceSvg } from '../../../fixtures/diagram/svg.js';
import { findDecidingExchange } from '../../../fixtures/evidence/deciding-exchange.js';
import type { ExchangeRecord } from '../../../fixtures/evidence/exchange.js';
import type { Result } from '../../../suites/result.js';
import { showControls } from '../harmless.js';

/** Rows beyond this are left out, the oldest ones first. */
const MOST_ROWS = 14;

/** @returns null where there are too few exchanges for a picture */
export function renderSequence(result: Pick<Result, 'id' | 'evidence' | 'decidedBy' | 'received'>) {
  const { id, evidence } = result;
  if (evidence.length < 2) return null;
  const svg = renderSequenceSvg(drawExchanges(result), `The exchanges of ${id}`);
  return html`<div class="sequence-scroll" tabindex="0" role="region" aria-label="The exchanges of ${id}, drawn">${raw(svg)}</div>`;
}

/** @returns the diagram of a check's exchanges, the deciding one marked as failed */
function drawExchanges(result: Pick<Result, 'evidence' | 'decidedBy' | 'received'>): SequenceDiagram {
  const { evidence } = result;
  const deciding = findDecidingExchange(result.evidence, result.received, result.decidedBy);
  const rows = evidence.flatMap((exchange) => drawExchange(exchange, exchange === deciding));
  const left = rows.length - MOST_ROWS;
  const steps: readonly SequenceStep[] =
    left <= 0
      ? rows
      : [
          { from: 'client', to: 'client', label: `${left} earlier steps`, note: '', state: 'ahead' },
          ...rows.slice(left),
        ];
  const usesBrowser = steps.some(({ from, to }) => from === 'browser' || to === 'browser');
  return {
    participants: [
      ...(usesBrowser ? [{ id: 'browser', label: 'Browser' }] : []),
      { id: 'client', label: 'Suite as client' },
      { id: 'server', label: 'Server' },
    ],
    steps,
  };
}

function drawExchange(
  { request, response, note, n }: ExchangeRecord,
  decides: boolean,
): readonly SequenceStep[] {
  const from = isBrowser(request.headers) ? 'browser' : 'client';
  const status = response.status === 0 ? 'no answer' : `HTTP ${response.status}`;
  const { origin, pathname } = URL.canParse(request.url)
    ? new URL(request.url)
    : { origin: '', pathname: request.url };
  const state = decides ? 'failed' : 'done';
  const sent: SequenceStep = {
    from,
    to: 'server',
    label: showControls(`${n}. ${request.method} ${pathname}`),
    note: showControls(note === '' ? status : `${status}: ${note}`),
    state,
  };
  const location = response.headers.location ?? '';
  if (!URL.canParse(location, origin)) return [sent];
  const target = new URL(location, origin);
  if (target.origin === origin) return [sent];
  const names = [...target.searchParams.keys(), ...new URLSearchParams(target.hash.slice(1)).keys()];
  return [
    sent,
    {
      from: 'server',
      to: 'client',
      label: showControls(`redirect: ${names.join(', ') || 'nothing'}`),
      note: '',
      state,
    },
  ];
}

/** Browsers name themselves in headers of their own. */
const isBrowser = (headers: Readonly<Record<string, string>>): boolean =>
  'sec-fetch-mode' in headers || 'sec-ch-ua' in headers || /^mozilla/i.test(headers['user-agent'] ?? '');
