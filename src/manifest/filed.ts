import type { JsonObject } from '../core/canonical-json.ts';
import { earlierFingerprints, fingerprint } from './fingerprint.ts';
import type { Request, RequestBody } from './model.ts';

/** A request as a ledger has it. */
export interface Filed {
  readonly key: string;
  readonly fingerprint: string;
  readonly take: number;
  readonly body: JsonObject;
  /** Number of its attempts that were billed, or may have been. */
  readonly billed: number;
  readonly taskId: string | null;
  /** Position of its latest event in the ledger's history. */
  readonly seq: number;
}

type Asked = Pick<Request, 'key' | 'take' | 'body' | 'fingerprint'>;

/**
 * The same requests, each by the fingerprint under which the ledger has it. That is another one than today's where it was
 * paid before fingerprints left out what they leave out today: it stays what it was paid as, so nothing is paid again.
 *
 * @param filed what the ledger knows of the project.
 */
export function asFiled<R extends Asked>(requests: readonly R[], filed: readonly Filed[]): readonly R[] {
  if (filed.length === 0) return requests;
  const byKey = new Map<string, Filed[]>();
  for (const each of filed) {
    const others = byKey.get(each.key);
    if (others === undefined) byKey.set(each.key, [each]);
    else others.push(each);
  }
  return requests.map((request) => {
    const known = filedAs(request, byKey.get(request.key) ?? []);
    return known === request.fingerprint ? request : { ...request, fingerprint: known };
  });
}

function filedAs(request: Asked, sameKey: readonly Filed[]): string {
  const today = sameKey.find((each) => each.fingerprint === request.fingerprint);
  // Nothing else is looked at where this settles it, which is nearly always.
  if (today !== undefined && (wasPaid(today) || sameKey.length === 1)) return request.fingerprint;
  if (sameKey.length === 0) return request.fingerprint;
  const same = sameKey.filter((each) => isSameRequest(request, each));
  const paid = same.filter(wasPaid);
  const [latest] = (paid.length > 0 ? paid : same).toSorted((a, b) => b.seq - a.seq);
  return (paid.length === 0 ? today : undefined)?.fingerprint ?? latest?.fingerprint ?? request.fingerprint;
}

/** True where what a ledger has, under whatever form of fingerprint, is what a request asks for. Keys do not count. */
export function isSameRequest(request: Asked, filed: Filed): boolean {
  if (filed.take !== request.take) return false;
  return (
    filed.fingerprint === request.fingerprint ||
    todaysFingerprint(filed) === request.fingerprint ||
    earlierFingerprints(request.body, request.take).includes(filed.fingerprint)
  );
}

/**
 * The fingerprint that a request of a ledger would get today. One that came with a journal, which hides URLs, keeps its own.
 */
export function todaysFingerprint({
  fingerprint: filed,
  body,
  take,
}: Omit<Filed, 'key' | 'billed' | 'taskId' | 'seq'>): string {
  if (typeof body['model'] !== 'string') return filed;
  return fingerprint(body as RequestBody, take);
}

/** True where money went into it, or may have. */
function wasPaid({ billed, taskId }: Filed): boolean {
  return billed > 0 || taskId !== null;
}

/**
 * Looks things up by what a request may have been filed under: today's fingerprint first, then the earlier ones, which are
 * worked out only where today's is not there.
 */
export function byAnyFingerprint<T>(
  table: ReadonlyMap<string, T>,
  { body, take, fingerprint: today }: Omit<Asked, 'key'>,
): T | undefined {
  if (table.size === 0) return undefined;
  const found = table.get(today) ?? table.get(fingerprint(body, take));
  if (found !== undefined) return found;
  const earlier = earlierFingerprints(body, take).find((each) => table.has(each));
  return earlier === undefined ? undefined : table.get(earlier);
}

/** Fingerprints that any of these requests may be filed under. Older ones are worked out when first asked for. */
export function anyFingerprintOf(requests: readonly Asked[]): Pick<ReadonlySet<string>, 'has'> {
  let today: Set<string> | undefined;
  let earlier: Set<string> | undefined;
  return {
    has(filed) {
      today ??= new Set(requests.map((request) => request.fingerprint));
      if (today.has(filed)) return true;
      earlier ??= new Set(
        requests.flatMap(({ body, take }) => [fingerprint(body, take), ...earlierFingerprints(body, take)]),
      );
      return earlier.has(filed);
    },
  };
}
