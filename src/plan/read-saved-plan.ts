import { isJsonObject } from '../core/canonical-json.ts';
import { UsageError } from '../core/errors.ts';
import { type SchemaError, schemaErrors } from '../core/schema-errors.ts';
import { parsedJson } from '../core/untrusted-json.ts';
import { validatePlan } from '../generated/plan-validator.ts';
import { fingerprintsOf } from '../manifest/fingerprint.ts';
import type { PlannedRequest } from './model.ts';
import type { SavedPlan } from './saved-plan.ts';

/**
 * Reads a saved plan.
 *
 * @returns null for a text that is no plan at all, so that it may be a manifest.
 * @throws UsageError for a plan that was not saved for approval, is from a newer release, or was changed by hand.
 */
export function readSavedPlan(text: string, file: string): SavedPlan | null {
  const value = parsedJson(text);
  // A manifest can be JSON, too; but this one says what it was meant to be.
  if (value === undefined && /"approvedAgainst"|"fingerprint"/.test(text)) {
    throw new UsageError(`${file} is a saved plan that is cut off, or was changed by hand or by a merge`, {
      help: 'Make a new one with: shotlist plan <manifest> --out plan.json. Nothing was sent.',
    });
  }
  if (!isJsonObject(value) || !Array.isArray(value['requests']) || !('summary' in value)) return null;
  if (value['version'] !== 1) {
    throw new UsageError(`${file} was written by a newer release`, {
      help: 'Install the release that made it. Nothing was sent.',
    });
  }
  if (!isJsonObject(value['approvedAgainst'])) {
    throw new UsageError(`${file} is a plan to look at, not one that can be sent`, {
      help: 'Save one with: shotlist plan <manifest> --out plan.json. Nothing was sent.',
    });
  }
  const problem = problemOf(value);
  if (problem === null) return value as unknown as SavedPlan;
  throw new UsageError(`${file} is not as it was saved: ${problem}`, {
    help: 'A saved plan is not edited: make a new one with shotlist plan --out. Nothing was sent.',
  });
}

type Fields = Readonly<Record<string, unknown>>;

function problemOf(value: Fields): string | null {
  const shape = problemOfShape(value);
  if (shape !== null) return shape;
  const plan = value as unknown as SavedPlan;
  const keys = new Set<string>();
  for (const each of plan.requests) {
    if (keys.has(each.key)) return `${each.key} is in it twice`;
    keys.add(each.key);
    const problem = problemOfRequest(each, plan);
    if (problem !== null) return `${each.key} ${problem}`;
  }
  const submit = plan.requests.filter(({ action }) => action === 'submit').length;
  return submit === plan.summary.submit ? null : 'its summary counts other requests than it holds';
}

/** The first place where a plan is not as `schemas/plan.schema.json` has it; null where there is none. */
function problemOfShape(value: Fields): string | null {
  const [error] = schemaErrors(validatePlan, value);
  if (error !== undefined) return problemText(error);
  const without = (value['requests'] as readonly Fields[]).findIndex((each) => each['seen'] === undefined);
  return without === -1 ? null : `requests[${without}] lacks seen`;
}

function problemText({ path, keyword, params }: SchemaError): string {
  const names = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
  const place = names === '' ? 'the plan' : names;
  switch (keyword) {
    case 'required':
      return `${place} lacks ${params['missingProperty']}`;
    case 'type':
      return `${place} is no ${[params['type']].flat().join(' or ')}`;
    case 'enum':
      return `${place} is none of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'minimum':
      return `${place} is less than ${params['limit']}`;
    default:
      return `${place} is not what it can be`;
  }
}

function problemOfRequest(each: PlannedRequest, { approvedAgainst }: SavedPlan): string | null {
  if (!fingerprintsOf(each.body, each.take).includes(each.fingerprint))
    return 'has a body that is not its own';
  if (each.model !== each.body.model) return 'names another model than its body';
  const { prices } = approvedAgainst.budget;
  const price = Object.hasOwn(prices, each.model) ? (prices[each.model] ?? null) : null;
  return each.cost === price ? null : 'has another price than the budget states';
}
