/** The one way in which this chapter judges that a registration is refused: two-sided, trial by trial. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Step } from '../../fixtures/owners.js';
import type { CheckContext } from '../requirement.js';
import {
  hasClient,
  hasClientId,
  registerControl,
  registerControlAgain,
  sendRegistration,
} from '../steps/registration.js';

/** A registration that differs from the control request in one thing. */
interface Trial {
  /** What is special about it, in a few words or as the value itself. */
  readonly label: string;
  readonly body: unknown;
  /**
   * Whether what was registered is harmless after all: a server may replace any value
   * (RFC 7591 section 3.2.1). Without it nothing may be registered.
   */
  readonly harmless?: (response: Exchange, control: Exchange) => boolean;
  /** The member of the response that shows what was registered; by default redirect_uris. */
  readonly member?: string;
}

export interface RefusalRule {
  /** What all trials have in common, as the subject of a sentence: `A redirect URI with a fragment`. */
  readonly subject: string;
  readonly control: unknown;
  /** The step that the registration of the control request is; default: registration. */
  readonly controlOwner?: Step;
  readonly trials: readonly Trial[];
}

/** Why a trial is not a refusal. */
interface Fault {
  readonly label: string;
  readonly how: string;
  readonly received: string;
}

/**
 * Registers the control request, tries each trial, and registers the control request again. A trial is refused when the
 * answer has a status from 400 and no client (RFC 7591 section 3.2.2). client-error-format judges which status and error
 * come.
 */
export async function expectRegistrationsRefused(
  { flow, expect, remark }: Pick<CheckContext, 'flow' | 'expect' | 'remark'>,
  { subject, control, controlOwner, trials }: RefusalRule,
): Promise<void> {
  const valid = await registerControl(flow, control, controlOwner);
  const faults: Fault[] = [];
  const answers = new Set<string>();
  for (const trial of trials) {
    const response = await attemptUnlessJudged(trial, faults);
    if (response === null) break;
    answers.add(describeExchange(response));
    const fault = findFault(trial, response, valid);
    if (fault !== null) faults.push(fault);
  }
  const [first] = faults;
  if (first !== undefined) {
    const alike = faults.filter(({ how }) => how === first.how).map(({ label }) => label);
    expect.that(false, `${subject} ${first.how} (${alike.join(', ')}).`, {
      expected: 'a status from 400 to 499, such as 400, and no client',
      received: first.received,
    });
  }
  await registerControlAgain(flow, control);
  remark(`The answers: ${[...answers].join(', ')}.`);

  /** A limit that is reached after a fault was found does not undo the fault. */
  async function attemptUnlessJudged(trial: Trial, found: readonly Fault[]): Promise<Exchange | null> {
    try {
      return await sendRegistration(flow, trial.body, trial.label);
    } catch (signal) {
      if (found.length > 0) return null;
      throw signal;
    }
  }
}

function findFault(
  { label, harmless, member = 'redirect_uris' }: Trial,
  response: Exchange,
  control: Exchange,
): Fault | null {
  if (hasClient(response)) {
    if (harmless?.(response, control) === true) return null;
    const value = response.object()[member];
    const stored = value === undefined ? `without ${member}` : `with ${member} ${JSON.stringify(value)}`;
    return { label, how: 'was registered', received: `${response.status}, a client ${stored}` };
  }
  // A server error registers nothing either; client-error-format judges its form.
  const refused = response.status >= 400;
  if (refused && !hasClientId(response)) return null;
  const how = refused
    ? 'was refused, but given a client_id'
    : `was answered with status ${response.status} instead of being refused`;
  return { label, how, received: describeExchange(response) };
}
