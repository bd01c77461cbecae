/** The picture of a lesson: its steps between browser, client and server, and which of them were really seen. */
import type {
  Participant,
  SequenceDiagram,
  SequenceStep,
  StepState,
} from '../../fixtures/diagram/sequence.js';
import { isRefused, isTokenRequest, type ObservedExchange } from '../watcher/exchange.js';

export type Actor = 'browser' | 'client' | 'server' | 'api';

export interface PictureStep {
  readonly from: Actor;
  readonly to: Actor;
  readonly label: string;
  /** Whether an exchange is this step, or ended it. */
  readonly matches: (exchange: ObservedExchange) => boolean;
  /** A response, which is only there when the request was accepted. */
  readonly isResponse?: true;
  /** A step that is done even if it was refused: the refusal is what it is for. */
  readonly mayFail?: true;
}

const LABELS: Readonly<Record<Actor, string>> = {
  browser: 'Browser (user)',
  client: 'Your client',
  server: 'Server',
  api: 'API',
};

const ORDER: readonly Actor[] = ['browser', 'client', 'server', 'api'];

export const hasCode = ({ location }: ObservedExchange): boolean =>
  location?.searchParams.has('code') === true;

/** @param label what the request asks for */
export const authorizeSteps = (label: string): readonly PictureStep[] => [
  { from: 'browser', to: 'server', label, matches: ({ endpoint }) => endpoint === 'authorize' },
  {
    from: 'browser',
    to: 'server',
    label: 'sign in, allow',
    matches: (exchange) => exchange.endpoint === 'decision' || hasCode(exchange),
  },
  { from: 'server', to: 'browser', label: 'redirect: code, state', matches: hasCode, isResponse: true },
  { from: 'browser', to: 'client', label: 'code, state', matches: hasCode, isResponse: true },
];

const isGrant =
  (type: string) =>
  (exchange: ObservedExchange): boolean =>
    isTokenRequest(exchange) && exchange.form.get('grant_type') === type;

/** @param sent what the client sends with the grant */
export const tokenSteps = (grant: string, sent: string, returned: string): readonly PictureStep[] => [
  { from: 'client', to: 'server', label: sent, matches: isGrant(grant) },
  { from: 'server', to: 'client', label: returned, matches: isGrant(grant), isResponse: true },
];

const isCall = ({ endpoint }: ObservedExchange): boolean =>
  endpoint === 'userinfo' || endpoint === 'userBenefits' || endpoint === 'organizations';

const callSteps = (sent: string, returned: string): readonly PictureStep[] => [
  { from: 'client', to: 'server', label: sent, matches: isCall },
  { from: 'server', to: 'client', label: returned, matches: isCall, isResponse: true },
];

/** The whole code flow, with which part B is about. */
export const CODE_FLOW: readonly PictureStep[] = [
  ...authorizeSteps('authorization request'),
  ...tokenSteps('authorization_code', 'code, client secret', 'access, refresh, ID Token'),
  ...callSteps('access token', 'who signed in'),
];

/**
 * @param seen the exchanges of the lesson, oldest first, with those that prepared it
 */
export function drawPicture(
  steps: readonly PictureStep[],
  seen: readonly ObservedExchange[],
): SequenceDiagram {
  const drawn = steps.map((step) => drawStep(step, seen));
  const next = drawn.findIndex(({ state }) => state !== 'done');
  const here = drawn[next]?.state === 'ahead' ? next : -1;
  const actors = ORDER.filter((actor) => steps.some(({ from, to }) => from === actor || to === actor));
  return {
    participants: actors.map((id): Participant => ({ id, label: LABELS[id] })),
    steps: drawn.map((step, index) => (index === here ? { ...step, state: 'here' } : step)),
  };
}

/** By the last exchange that is this step: it may have been refused after it worked. */
function drawStep(
  { from, to, label, matches, isResponse, mayFail }: PictureStep,
  seen: readonly ObservedExchange[],
): SequenceStep {
  const last = seen.findLast(matches);
  if (last === undefined) return { from, to, label, state: 'ahead', note: '' };
  const refused = isRefused(last) && mayFail !== true;
  const state: StepState = refused ? (isResponse === true ? 'ahead' : 'failed') : 'done';
  const note = refused && isResponse !== true ? `${last.status} ${last.error ?? ''}`.trim() : '';
  return { from, to, label, state, note };
}
