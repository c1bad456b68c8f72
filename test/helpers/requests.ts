import type { JsonObject } from '../../src/core/canonical-json.ts';
import type { LedgerEntry } from '../../src/ledger/ledger.ts';
import type { Request, RequestBody } from '../../src/manifest/model.ts';

/** A request of a manifest, with only what a test cares about stated. */
export function request(
  key: string,
  overrides: Partial<Omit<Request, 'body'>> & { body?: JsonObject } = {},
): Request {
  const [, scene, shot, variant, take] = /^(?:([^/]+)\/)?([^:@]+)(?::([^@]+))?(?:@(\d+))?$/.exec(key) ?? [];
  if (shot === undefined) throw new TypeError(`not a key: ${key}`);
  const body: RequestBody = { model: 'videos', prompt: `prompt of ${key}`, duration: 5, ...overrides.body };
  return {
    key,
    scene: scene ?? null,
    shot,
    variant: variant ?? null,
    take: Number(take ?? 1),
    model: body.model,
    mode: 'text',
    tags: [],
    fingerprint: `sha256:${key}:${JSON.stringify(body)}`,
    ...overrides,
    body,
  };
}

/** What the ledger says of a request, with only what a test cares about stated. */
export function entry(of: Request, overrides: Partial<LedgerEntry> = {}): LedgerEntry {
  const { key, scene, shot, variant, take, model, mode, body, fingerprint } = of;
  const { billed = 1, cost = 7, currency = 'CNY' } = overrides;
  const price = cost === null ? null : cost / Math.max(1, billed);
  return {
    key,
    fingerprint,
    scene,
    shot,
    variant,
    take,
    model,
    mode,
    body,
    state: 'queued',
    attempts: 1,
    billed,
    charges: Array.from({ length: billed }, () => ({ price, currency })),
    cost,
    currency,
    taskId: `video_${key}`,
    errorCode: null,
    error: null,
    submittedAt: '2026-01-01T00:00:00.000Z',
    completedAt: null,
    times: { answeredAt: null, processingAt: null, endedAt: null, savedAt: null },
    videoUrl: null,
    actualDuration: null,
    file: null,
    runId: 'run',
    seq: 1,
    ...overrides,
  };
}
