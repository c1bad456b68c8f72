import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { canonicalJson, type Json } from '../core/canonical-json.ts';
import type { LedgerEntry, RequestState } from '../ledger/ledger.ts';
import type { Budget, Manifest } from '../manifest/model.ts';
import type { Plan, PlannedRequest } from './model.ts';

/** A plan as it is kept for approval: its shape, and everything that it was approved against. It holds no secret. */
export interface SavedPlan extends Plan {
  readonly approvedAgainst: ApprovedAgainst;
  /** The statement of the person who signed it; absent before that. */
  readonly approval?: Approval;
}

/** Signed with the plan that it is part of. Times are ISO 8601, UTC. */
export interface Approval {
  readonly approvedAt: string;
  /** From then on the plan is not sent any more. */
  readonly expiresAt: string;
}

export interface ApprovedAgainst {
  /** The scope under which the ledger files the provider's requests. */
  readonly provider: string;
  /** The manifest, its fragments and its prompt files, named from the manifest's folder. */
  readonly files: readonly FileDigest[];
  readonly budget: Budget;
  /** Digest of what the catalog says about the plan's models. */
  readonly catalog: string;
  /** Everything that the ledger knew to have been tried in this project. */
  readonly ledger: readonly KnownRequest[];
  /** The place of that ledger, seen from the manifest's folder, without a password; absent in plans of 0.1.0. */
  readonly ledgerPlace?: string;
}

export interface FileDigest {
  readonly file: string;
  readonly sha256: string;
}

export interface KnownRequest {
  readonly key: string;
  readonly fingerprint: string;
  readonly state: RequestState;
  readonly attempts: number;
}

/** The world that a plan is approved against, or sent in. */
export interface PlanWorld {
  readonly provider: string;
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  readonly entries: readonly LedgerEntry[];
  /** As `ApprovedAgainst` has it. */
  readonly ledgerPlace?: string;
}

/** A plan with everything that it was approved against. */
export function savePlan(plan: Plan, world: PlanWorld): SavedPlan {
  return { ...plan, approvedAgainst: approvedAgainst(plan.requests, world) };
}

/** Collects the facts that a plan of these requests would be approved against now. */
export function approvedAgainst(
  requests: readonly PlannedRequest[],
  { provider, manifest, catalog, entries, ledgerPlace }: PlanWorld,
): ApprovedAgainst {
  const models = [...new Set(requests.map(({ model }) => model))].sort();
  return {
    provider,
    files: fileDigests(manifest),
    budget: manifest.budget,
    catalog: digest(canonicalJson(models.map((model) => plain(catalog.get(model) ?? null)))),
    ledger: entries
      .filter(({ attempts }) => attempts > 0)
      .map(({ key, fingerprint, state, attempts }) => ({ key, fingerprint, state, attempts })),
    ...(ledgerPlace === undefined ? {} : { ledgerPlace }),
  };
}

/** A saved plan as a file, which `readSavedPlan` reads. */
export function savedPlanText(plan: SavedPlan): string {
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/**
 * The digest by which the ledger knows the runs of a plan. White space and the order of members do not move it, nor
 * does an approval: a plan that is approved once more is still spent.
 */
export function savedPlanDigest({ approval: _, ...plan }: SavedPlan): string {
  return `sha256:${digest(canonicalJson(plain(plan)))}`;
}

/** Line ends do not count: another checkout may have others. */
function fileDigests({ source, sources }: Manifest): readonly FileDigest[] {
  const folder = source.absolutePath === null ? null : path.dirname(source.absolutePath);
  const nameOf = ({ file, absolutePath }: Manifest['source']): string =>
    folder === null || absolutePath === null
      ? file
      : path.relative(folder, absolutePath).split(path.sep).join('/');
  return sources.map((each) => ({
    file: nameOf(each),
    sha256: digest(each.text.replaceAll('\r\n', '\n')),
  }));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Copies a value through JSON. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
