import { askedClip } from '../catalog/asked-clip.ts';
import type { Model } from '../catalog/catalog.ts';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { AskedClip } from '../core/clip-deviations.ts';
import type { ClipStanding, LedgerEntry, RequestIdentity } from '../ledger/ledger.ts';
import { deviationsOf } from '../ledger/model/saved-clip.ts';
import type { ReportRow } from './model.ts';

/** The fields that a request of the manifest and one of the ledger share. */
export interface Described extends RequestIdentity {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: ReportRow['mode'];
  readonly body: JsonObject;
}

/** The manifest's words on a shot for people: none of them is sent. */
export interface ShotWords {
  readonly title?: string;
  readonly notes?: string;
  readonly tags: readonly string[];
}

/** Everything that the values of a row come from. */
export interface RowSource {
  readonly request: Described;
  /** Undefined where the ledger knows nothing of the request. */
  readonly entry: LedgerEntry | undefined;
  /** The same where something was billed, or may have been. */
  readonly billed: LedgerEntry | undefined;
  readonly model: Model | undefined;
  /** The request's parameters under the names that manifests give them. */
  readonly parameters: JsonObject;
  /** The manifest's words on its shot, for people. */
  readonly words: ShotWords | undefined;
  /** The decisions of people on the clip that the row shows. */
  readonly standing: ClipStanding | undefined;
  /** The manifest no longer asks for it. */
  readonly superseded: boolean;
  /** The manifest's currency. */
  readonly currency: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly resultUrlLifeMs: number;
}

interface Column<Value> {
  /** True where the page of the HTML report gets it. */
  readonly onPage: boolean;
  valueIn(source: RowSource): Value;
}

/**
 * The columns of the report, in order. The rows, the CSV's header and the data of the page come from here; what each
 * means, and its type, is in `schemas/report.schema.json`, and a test holds the two together.
 */
export const reportColumns = {
  key: { onPage: true, valueIn: ({ request }) => request.key },
  scene: { onPage: true, valueIn: ({ request }) => request.scene },
  shot: { onPage: true, valueIn: ({ request }) => request.shot },
  variant: { onPage: true, valueIn: ({ request }) => request.variant },
  take: { onPage: true, valueIn: ({ request }) => request.take },
  model: { onPage: true, valueIn: ({ request }) => request.model },
  mode: { onPage: true, valueIn: ({ request }) => request.mode },
  duration: { onPage: true, valueIn: (source) => asked(source).duration },
  ratio: { onPage: true, valueIn: (source) => asked(source).ratio },
  resolution: { onPage: true, valueIn: (source) => asked(source).resolution },
  status: { onPage: true, valueIn: ({ entry }) => entry?.state ?? 'pending' },
  taskId: { onPage: true, valueIn: ({ entry }) => entry?.taskId ?? null },
  errorCode: { onPage: true, valueIn: ({ entry }) => entry?.errorCode ?? null },
  error: { onPage: true, valueIn: ({ entry }) => entry?.error ?? null },
  attempts: { onPage: true, valueIn: ({ entry }) => entry?.attempts ?? 0 },
  submittedAt: {
    onPage: true,
    // A claim that provably came to nothing leaves the request pending: nothing was submitted.
    valueIn: ({ entry }) => (entry === undefined || entry.state === 'pending' ? null : entry.submittedAt),
  },
  completedAt: { onPage: false, valueIn: ({ entry }) => entry?.completedAt ?? null },
  // The page is made to be handed on, and a result URL can carry a key id.
  videoUrl: { onPage: false, valueIn: liveUrl },
  actualDuration: { onPage: true, valueIn: ({ entry }) => entry?.actualDuration ?? null },
  // The page has a URL in its place that leads there from where the page is.
  file: { onPage: false, valueIn: ({ entry }) => entry?.file?.path ?? null },
  cost: { onPage: true, valueIn: ({ billed }) => (billed === undefined ? 0 : billed.cost) },
  currency: { onPage: true, valueIn: ({ billed, currency }) => billed?.currency ?? currency },
  superseded: { onPage: true, valueIn: ({ superseded }) => superseded },
  fingerprint: { onPage: false, valueIn: ({ request }) => request.fingerprint },
  // The page holds each prompt once.
  prompt: { onPage: false, valueIn: ({ parameters }) => text(parameters['prompt']) ?? '' },
  title: { onPage: true, valueIn: ({ words }) => words?.title ?? null },
  tags: { onPage: true, valueIn: ({ words }) => (words?.tags.length ? words.tags.join(', ') : null) },
  notes: { onPage: true, valueIn: ({ words }) => words?.notes ?? null },
  decision: { onPage: true, valueIn: ({ standing }) => standing?.decision ?? null },
  reason: { onPage: true, valueIn: ({ standing }) => standing?.reason ?? null },
  note: { onPage: true, valueIn: ({ standing }) => standing?.note ?? null },
  decidedBy: { onPage: true, valueIn: ({ standing }) => standing?.by ?? null },
  decidedAt: { onPage: true, valueIn: ({ standing }) => standing?.at ?? null },
  width: { onPage: true, valueIn: ({ entry }) => entry?.file?.media?.width ?? null },
  height: { onPage: true, valueIn: ({ entry }) => entry?.file?.media?.height ?? null },
  fps: { onPage: true, valueIn: ({ entry }) => entry?.file?.media?.fps ?? null },
  fileDuration: { onPage: true, valueIn: ({ entry }) => entry?.file?.seconds ?? null },
  providerAmount: { onPage: true, valueIn: ({ entry }) => entry?.providerAmount ?? null },
  qc: { onPage: true, valueIn: findings },
} as const satisfies { readonly [Name in keyof ReportRow]: Column<ReportRow[Name]> };

export type ColumnName = keyof typeof reportColumns;

/** The columns that the page gets as they are. */
export type PageColumnName = {
  [Name in ColumnName]: (typeof reportColumns)[Name]['onPage'] extends true ? Name : never;
}[ColumnName];

/** Names of the columns, in order. */
export const columnNames = Object.keys(reportColumns) as readonly ColumnName[];

export const pageColumnNames = columnNames.filter(
  (name): name is PageColumnName => reportColumns[name].onPage,
);

export function rowFrom(source: RowSource): ReportRow {
  const cells = columnNames.map((name) => [name, reportColumns[name].valueIn(source)]);
  return Object.fromEntries(cells) as ReportRow;
}

function asked({ parameters, model }: RowSource): AskedClip {
  return askedClip(parameters, model);
}

/** Lists what a person should look at: where the clip differs from the request, and what the check of its pictures and sound found. */
function findings(source: RowSource): string | null {
  const { entry } = source;
  if (entry?.file == null) return null;
  const all = [...deviationsOf(asked(source), entry.file), ...(entry.qc ?? [])];
  return all.length === 0 ? null : all.join('; ');
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A presigned URL can carry a key id, so reports show it only while it is good for something. */
function liveUrl({ entry, now, resultUrlLifeMs }: RowSource): string | null {
  if (entry === undefined) return null;
  const { completedAt } = entry;
  const isPast = completedAt !== null && now - Date.parse(completedAt) > resultUrlLifeMs;
  return isPast ? null : entry.videoUrl;
}
