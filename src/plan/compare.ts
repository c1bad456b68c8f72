import { canonicalJson, type Json, type JsonObject } from '../core/canonical-json.ts';
import { addMoney } from '../core/money.ts';
import { folderHolding } from '../manifest/content-address.ts';
import { fingerprint, unsigned } from '../manifest/fingerprint.ts';
import type { Budget } from '../manifest/model.ts';
import type {
  Change,
  Comparison,
  ParameterChange,
  SideOfChange,
  SideTotals,
  TermChange,
} from './comparison.ts';
import type { Plan, PlannedRequest } from './model.ts';
import { adoptCalls, pairRenamed } from './renames.ts';
import { wordDiff } from './word-diff.ts';

/** One of two revisions of a manifest: what a run of it would do, and the terms under which. */
export interface Revision {
  readonly plan: Plan;
  readonly budget: Budget;
}

export interface CompareInput {
  /** The older revision; null where there was no manifest yet. */
  readonly before: Revision | null;
  readonly after: Revision;
  /** The name of the older revision: a git ref or a file, as it was named. */
  readonly against: string;
  /** Remarks for a reader on the older revision, for example that it has errors. */
  readonly notes?: readonly string[];
}

/**
 * Finds the differences of two revisions of a manifest, by request, and their effect on the cost. Both plans are
 * made with the same ledger, so the difference is what a run would charge now beyond what it would have charged before:
 * removing what was paid saves nothing, and editing it costs it again. Pure.
 */
export function compare({ before, after, against, notes = [] }: CompareInput): Comparison {
  const old = byKey(before?.plan.requests ?? []);
  const fresh = byKey(after.plan.requests);
  const gone = [...old.values()].filter(({ key }) => !fresh.has(key));
  const added = [...fresh.values()].filter(({ key }) => !old.has(key));
  const renamedFrom = pairRenamed(gone, added);
  const changes: Change[] = [];
  for (const request of fresh.values()) {
    const previous = old.get(request.key);
    if (previous === undefined) changes.push(addedOrRenamed(request, renamedFrom.get(request.key)));
    else if (previous.fingerprint !== request.fingerprint) changes.push(changed(previous, request));
  }
  const moved = new Set([...renamedFrom.values()].map(({ key }) => key));
  changes.push(...gone.filter(({ key }) => !moved.has(key)).map(removed));

  const count = (kind: Change['change']): number => changes.filter(({ change }) => change === kind).length;
  return {
    version: 1,
    project: after.plan.project,
    manifest: after.plan.manifest,
    against,
    isNew: before === null,
    notes,
    renamedProject: renamedProject(before, after),
    terms: before === null ? [] : termChanges(before, after),
    changes,
    adopt: adoptCalls(
      [...renamedFrom].map(([key, from]) => ({ from: from.key, to: key })),
      old,
      fresh,
    ),
    summary: {
      added: count('added'),
      changed: count('changed'),
      removed: count('removed'),
      renamed: count('renamed'),
      unchanged: fresh.size - count('added') - count('changed') - count('renamed'),
      before: totals(before),
      after: totals(after),
      currency: after.plan.summary.currency,
      difference: differenceOf(before, after),
    },
  };
}

/**
 * Files requests by key. What the ledger knows goes by what it was filed under, whatever form of fingerprint that is;
 * two revisions are compared by today's.
 */
function byKey(requests: readonly PlannedRequest[]): ReadonlyMap<string, PlannedRequest> {
  return new Map(
    requests.map((request) => {
      const { key, body, take, seen } = request;
      const isKnown = seen.attempts > 0 || seen.state !== 'pending';
      const [file] = request.files ?? [];
      const folder = file === undefined ? null : folderHolding(body, file.sha256);
      return [key, isKnown ? { ...request, fingerprint: fingerprint(body, take, folder) } : request];
    }),
  );
}

/** True where there is nothing to tell a reviewer. */
export function isSame({ changes, terms, notes, renamedProject }: Comparison): boolean {
  return changes.length === 0 && terms.length === 0 && notes.length === 0 && renamedProject === null;
}

function addedOrRenamed(request: PlannedRequest, from: PlannedRequest | undefined): Change {
  return from === undefined
    ? change('added', request, null, request)
    : { ...change('renamed', request, from, request), from: from.key };
}

function removed(request: PlannedRequest): Change {
  return change('removed', request, request, null);
}

function changed(before: PlannedRequest, after: PlannedRequest): Change {
  return {
    ...change('changed', after, before, after),
    parameters: parameterChanges(before.body, after.body),
  };
}

function change(
  kind: Change['change'],
  { key, scene, shot, variant, take, model, mode }: PlannedRequest,
  before: PlannedRequest | null,
  after: PlannedRequest | null,
): Change {
  return {
    key,
    change: kind,
    from: null,
    scene,
    shot,
    variant,
    take,
    model,
    mode,
    parameters: [],
    before: before === null ? null : sideOf(before),
    after: after === null ? null : sideOf(after),
  };
}

function sideOf({ action, reason, cost }: PlannedRequest): SideOfChange {
  return { action, reason, cost };
}

/** The parameters whose value is another one; what signing a URL adds to it is none. Those of the new body come first. */
function parameterChanges(before: JsonObject, after: JsonObject): readonly ParameterChange[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => {
    const [old, fresh] = [statedIn(before, name), statedIn(after, name)];
    if (text(old) === text(fresh)) return [];
    const words =
      name === 'prompt' && typeof old === 'string' && typeof fresh === 'string' ? wordDiff(old, fresh) : null;
    return [{ name, before: old ?? null, after: fresh ?? null, words }];
  });
}

function statedIn(body: JsonObject, name: string): Json | undefined {
  const value = body[name];
  return value === undefined || name === 'prompt' ? value : unsigned(value);
}

function text(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function renamedProject(before: Revision | null, after: Revision): Comparison['renamedProject'] {
  if (before === null || before.plan.project === after.plan.project || before.plan.project === '')
    return null;
  return { from: before.plan.project, to: after.plan.project };
}

/** Lists the terms of the budget that have changed. */
function termChanges(before: Revision, after: Revision): readonly TermChange[] {
  const [old, fresh] = [termsOf(before.budget), termsOf(after.budget)];
  return [...new Set([...fresh.keys(), ...old.keys()])].flatMap((name) => {
    const [from, to] = [old.get(name) ?? null, fresh.get(name) ?? null];
    return from === to ? [] : [{ name, before: from, after: to }];
  });
}

function termsOf({
  currency,
  prices,
  maxCost,
  maxRequests,
}: Budget): ReadonlyMap<string, string | number | null> {
  return new Map<string, string | number | null>([
    ['budget.currency', currency],
    ...Object.entries(prices).map(([model, price]) => [`budget.prices.${model}`, price] as const),
    ['budget.maxCost', maxCost],
    ['budget.maxRequests', maxRequests],
  ]);
}

function totals(version: Revision | null): SideTotals {
  if (version === null) return { requests: 0, submit: 0, cost: 0, unpriced: 0, currency: null };
  const { requests, submit, cost, unpriced, currency } = version.plan.summary;
  return { requests, submit, cost, unpriced, currency };
}

/** The difference in cost; null where the two are in different currencies. */
function differenceOf(before: Revision | null, after: Revision): number | null {
  const [old, fresh] = [totals(before), totals(after)];
  if (old.cost !== 0 && fresh.cost !== 0 && old.currency !== fresh.currency) return null;
  return addMoney([fresh.cost, -old.cost]);
}
