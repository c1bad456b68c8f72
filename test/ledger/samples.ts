import type { Clock } from '../../src/core/clock.ts';
import type {
  AttemptOutcome,
  Ledger,
  LedgerEntry,
  LedgerRequest,
  LedgerScope,
  ReservedRequest,
  RunSpec,
} from '../../src/ledger/ledger.ts';

export const scope: LedgerScope = { provider: 'https://api.example.com', project: 'neon-alley' };

/** A clock that a test sets, and on which every wait is over at once. */
export class TestClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  /** What people's corrections of the clock come to, in milliseconds. */
  correction = 0;
  now(): number {
    return this.time + this.correction;
  }
  monotonic(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.time += ms;
  }
}

/** A request of shot `sh<n>`; another `edit` of the same shot has another fingerprint. */
export function request(n: number, edit = 0): LedgerRequest {
  const prompt = `shot ${n}, edit ${edit}: 雨夜的霓虹`;
  return {
    key: `sc010/sh${n}`,
    fingerprint: `sha256:${n}-${edit}`,
    scene: 'sc010',
    shot: `sh${n}`,
    variant: null,
    take: 1,
    model: 'videos',
    mode: 'text',
    body: { model: 'videos', prompt, duration: 5 },
  };
}

export function requests(count: number): readonly LedgerRequest[] {
  return Array.from({ length: count }, (_, n) => request(n));
}

/** Plans to send requests that the ledger has never seen, unless `entries` says more of them. */
export function reserve(
  list: readonly LedgerRequest[],
  options: { readonly price?: number | null; readonly entries?: readonly LedgerEntry[] } = {},
): readonly ReservedRequest[] {
  return list.map((planned) => {
    const entry = options.entries?.find(({ key, fingerprint }) => {
      return key === planned.key && fingerprint === planned.fingerprint;
    });
    const seen = { state: entry?.state ?? 'pending', attempts: entry?.attempts ?? 0 } as const;
    return { request: planned, seen, price: options.price === undefined ? 7 : options.price };
  });
}

export function spec(list: readonly ReservedRequest[], more: Partial<RunSpec> = {}): RunSpec {
  const limits = { maxCost: null, maxRequests: null };
  return { scope, requests: list, currency: 'CNY', limits, intervalMs: null, by: 'mika@studio', ...more };
}

export const pending = { state: 'pending', attempts: 0 } as const;

export function accepted(
  taskId: string,
  status: 'queued' | 'failed' | 'completed' = 'queued',
): AttemptOutcome {
  return { kind: 'accepted', taskId, status, error: status === 'failed' ? 'content was refused' : null };
}

export const doubt: AttemptOutcome = {
  kind: 'inDoubt',
  code: 'ECONNRESET',
  error: 'the connection was lost',
};
export const notSent: AttemptOutcome = { kind: 'notSent', code: 'ECONNREFUSED', error: 'nobody listens' };
export const refused: AttemptOutcome = { kind: 'refused', code: '400', error: 'the prompt is too long' };
export const throttled: AttemptOutcome = { kind: 'throttled', code: '429', error: 'too many requests' };

/** What the ledger says of one request. */
export async function entryOf(ledger: Pick<Ledger, 'read'>, wanted: LedgerRequest): Promise<LedgerEntry> {
  const entries = await ledger.read(scope);
  const found = entries.find(
    ({ key, fingerprint }) => key === wanted.key && fingerprint === wanted.fingerprint,
  );
  if (found === undefined) throw new Error(`the ledger does not hold ${wanted.key}`);
  return found;
}
