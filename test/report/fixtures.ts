import type { Catalog } from '../../src/catalog/catalog.ts';
import type { LedgerEntry } from '../../src/ledger/ledger.ts';
import type { Manifest, Request } from '../../src/manifest/model.ts';
import type { Report, ReportRow } from '../../src/report/model.ts';
import type { ReportInput } from '../../src/report/rows.ts';
import { report } from '../../src/report/rows.ts';

export const now = Date.UTC(2026, 0, 2, 12);

const fast = {
  id: 'fast',
  title: 'Fast',
  createPath: '/v1/videos/videos',
  modes: ['text', 'frames', 'references'],
  prompt: { maxLength: null },
  duration: { min: 4, max: 15 },
  ratio: { values: ['16:9', '9:16'], default: '16:9' },
  resolution: { values: ['720p'], default: '720p' },
  referenceImages: { maxItems: 4, maxBytesEach: 20_971_520 },
  referenceVideos: {
    maxItems: 3,
    maxTotalSeconds: 15,
    maxTotalBytes: 200_000_000,
    minPixels: 720,
    maxPixels: 2160,
  },
  referenceAudios: { maxItems: 1, maxTotalSeconds: 15 },
} as const;

const catalog: Catalog = new Map([[fast.id, fast]]);

export function manifestWith(currency: string | null = 'CNY'): Manifest {
  const source = { file: 'alley.yaml', absolutePath: '/boards/alley.yaml', text: '', root: null };
  return {
    source,
    sources: [source],
    isFragment: false,
    project: 'alley',
    title: null,
    budget: { currency, prices: { fast: 4 }, maxCost: null, maxRequests: null },
    run: { concurrency: null, rate: null },
    models: null,
    approvers: null,
    shots: 0,
    skippedShots: 0,
    versions: [],
    assets: new Map(),
    promptUsers: new Map(),
    findings: [],
  };
}

/** A request of shot `shot` in scene sc010; the fingerprint follows from shot and prompt. */
export function requestOf(shot: string, more: Partial<Request> = {}): Request {
  const body = more.body ?? { model: 'fast', prompt: `prompt of ${shot}`, duration: 5 };
  return {
    key: `sc010/${shot}`,
    scene: 'sc010',
    shot,
    variant: null,
    take: 1,
    model: body.model,
    mode: 'text',
    tags: [],
    fingerprint: `sha256:${shot}-${String(body['prompt'])}`,
    ...more,
    body,
  };
}

/** What the ledger holds of a request: paid and queued unless `more` says otherwise. */
export function entryOf(request: Request, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const { tags: _, ...described } = request;
  return {
    ...described,
    state: 'queued',
    attempts: 1,
    cost: 4,
    currency: 'CNY',
    billed: 1,
    charges: [{ price: 4, currency: 'CNY' }],
    taskId: `video_${request.shot}`,
    errorCode: null,
    error: null,
    submittedAt: '2026-01-02T10:00:00.000Z',
    completedAt: null,
    times: { answeredAt: null, processingAt: null, endedAt: null, savedAt: null },
    videoUrl: null,
    actualDuration: null,
    file: null,
    runId: 'run-1',
    seq: 1,
    ...more,
  };
}

export function reportOf(input: Partial<ReportInput> = {}): Report {
  return report({ manifest: manifestWith(), requests: [], entries: [], catalog, now, ...input });
}

export function rowOf(more: Partial<ReportRow> = {}): ReportRow {
  const request = requestOf('sh0010');
  const [row] = reportOf({ requests: [request], entries: [entryOf(request)] }).rows;
  if (row === undefined) throw new Error('a report of one request has one row');
  return { ...row, ...more };
}
