import { UsageError } from '../core/errors.ts';
import { requestStates } from '../ledger/ledger.ts';
import { fingerprint } from '../manifest/fingerprint.ts';
import type { PlannedRequest } from './model.ts';
import type { SavedPlan } from './saved-plan.ts';

/**
 * Reads a saved plan.
 *
 * @returns null for a text that is no plan at all, so that it may be a manifest.
 * @throws UsageError for a plan that was not saved for approval, is from a newer release, or was changed by hand.
 */
export function readSavedPlan(text: string, file: string): SavedPlan | null {
  const value = parse(text);
  if (!isRecord(value) || !Array.isArray(value['requests']) || !('summary' in value)) return null;
  if (value['version'] !== 1) {
    throw new UsageError(`${file} was written by a newer release`, {
      help: 'Install the release that made it. Nothing was sent.',
    });
  }
  if (!isRecord(value['approvedAgainst'])) {
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
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const amount: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...known: readonly string[]): Check =>
  (value) =>
    known.some((each) => each === value);
const shape =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));

const seen = { state: oneOf(...requestStates), attempts: count };
const request = shape({
  key: text,
  scene: orNull(text),
  shot: text,
  variant: orNull(text),
  take: count,
  action: oneOf('submit', 'skip', 'blocked'),
  reason: text,
  changed: listOf(text),
  model: text,
  mode: oneOf('text', 'frames', 'references'),
  fingerprint: text,
  cost: orNull(amount),
  body: shape({ model: text }),
  seen: shape(seen),
});
const prices: Check = (value) => isRecord(value) && Object.values(value).every(amount);
const saved = shape({
  project: text,
  manifest: text,
  requests: listOf(request),
  summary: shape({ submit: count, currency: orNull(text) }),
  approvedAgainst: shape({
    provider: text,
    files: listOf(shape({ file: text, sha256: text })),
    budget: shape({
      currency: orNull(text),
      prices,
      maxCost: orNull(amount),
      maxRequests: orNull(count),
    }),
    catalog: text,
    ledger: listOf(shape({ key: text, fingerprint: text, ...seen })),
  }),
});

function problemOf(value: Fields): string | null {
  if (!saved(value)) return 'something is missing or of another kind';
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

function problemOfRequest(each: PlannedRequest, { approvedAgainst }: SavedPlan): string | null {
  if (fingerprint(each.body, each.take) !== each.fingerprint) return 'has a body that is not its own';
  if (each.model !== each.body.model) return 'names another model than its body';
  const { prices } = approvedAgainst.budget;
  const price = Object.hasOwn(prices, each.model) ? (prices[each.model] ?? null) : null;
  return each.cost === price ? null : 'has another price than the budget states';
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
