/** The parameters of a URL by lower-case name, decoded; of one that is there twice, the first. */
export type SignedQuery = ReadonlyMap<string, string>;

/** Reads the end of a signed URL, in milliseconds since the Unix epoch; undefined where it does not say. */
export type ReadExpiry = (query: SignedQuery) => number | undefined;

/** A date of signing and how many seconds it holds, as version 4 of the S3 protocol has it. */
export function dated(prefix: string): ReadExpiry {
  return (query) => {
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get(`${prefix}-date`) ?? '');
    const seconds = number(query.get(`${prefix}-expires`));
    if (date === null || seconds === undefined) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = date.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000;
  };
}

/** A Unix time in seconds. */
export function stamped(name: string): ReadExpiry {
  return (query) => stamp(query.get(name));
}

/** A Unix time in seconds, in hex. */
export function hexStamped(name: string): ReadExpiry {
  return (query) => {
    const text = query.get(name);
    return text !== undefined && /^[0-9a-f]{8}$/i.test(text) ? Number.parseInt(text, 16) * 1000 : undefined;
  };
}

/** A Unix time in seconds somewhere in a value: what the first group of `pattern` finds. */
export function within(name: string, pattern: RegExp): ReadExpiry {
  return (query) => stamp(pattern.exec(query.get(name) ?? '')?.[1]);
}

/** CloudFront: a time stamp, or a policy of its own, which is JSON in its variant of base64. */
export function cloudFront(query: SignedQuery): number | undefined {
  const policy = query.get('policy');
  if (policy === undefined) return stamp(query.get('expires'));
  const base64 = policy.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/');
  const found = /"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d+)/.exec(
    Buffer.from(base64, 'base64').toString(),
  );
  return stamp(found?.[1]);
}

export function azure(query: SignedQuery): number | undefined {
  const until = query.get('se');
  if (until === undefined) return undefined;
  // A date alone counts from midnight, and every time is UTC.
  const time = Date.parse(/^\d{4}-\d\d-\d\d$|Z$/.test(until) ? until : `${until}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** `start;end`, twice; the earlier end holds. */
export function tencent(query: SignedQuery): number | undefined {
  const ends = ['q-sign-time', 'q-key-time'].flatMap((name) => {
    const end = stamp(query.get(name)?.split(';')[1]);
    return end === undefined ? [] : [end];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** `bce-auth-v1/KEY/2026-01-01T00:00:00Z/SECONDS/…`. */
export function baidu(query: SignedQuery): number | undefined {
  const [, , from = '', seconds] = (query.get('authorization') ?? '').split('/');
  const [start, holds] = [Date.parse(from), number(seconds)];
  return Number.isNaN(start) || holds === undefined ? undefined : start + holds * 1000;
}

/** The `exp` of a JSON Web Token. */
export function jwtIn(...names: readonly string[]): ReadExpiry {
  return (query) => {
    for (const name of names) {
      const payload = query.get(name)?.split('.')[1];
      if (payload === undefined) continue;
      const found = /"exp"\s*:\s*(\d+)/.exec(Buffer.from(payload, 'base64url').toString());
      if (found !== null) return stamp(found[1]);
    }
    return undefined;
  };
}

function stamp(seconds: string | undefined): number | undefined {
  const value = number(seconds);
  return value === undefined ? undefined : value * 1000;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
