/**
 * When a signed URL ends to work, in milliseconds since the Unix epoch, by its own parameters; undefined for a URL that is
 * not signed, or does not say. The signing schemes: AWS S3 and what speaks its protocol, CloudFront, Google Cloud
 * Storage, Azure, Alibaba Cloud OSS, Tencent Cloud COS, Volcano Engine TOS.
 */
export function expiryOf(url: URL): number | undefined {
  if (url.search === '') return undefined;
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const lower = name.toLowerCase();
    if (!parameters.has(lower)) parameters.set(lower, value);
  }
  for (const read of schemes) {
    const expiry = read(parameters);
    if (expiry !== undefined && Math.abs(expiry) <= latest) return expiry;
  }
  return undefined;
}

type Parameters = ReadonlyMap<string, string>;
type Scheme = (parameters: Parameters) => number | undefined;

/** What a `Date` can hold. */
const latest = 8.64e15;

const schemes: readonly Scheme[] = [
  dated('x-amz'),
  dated('x-goog'),
  dated('x-oss'),
  dated('x-tos'),
  stamped('awsaccesskeyid'),
  stamped('googleaccessid'),
  stamped('ossaccesskeyid'),
  stamped('key-pair-id'),
  cloudFrontPolicy,
  azure,
  tencent,
];

/** A date of signing and how many seconds it holds, as version 4 of the S3 protocol has it. */
function dated(prefix: string): Scheme {
  return (parameters) => {
    if (!parameters.has(`${prefix}-signature`)) return undefined;
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(parameters.get(`${prefix}-date`) ?? '');
    const seconds = number(parameters.get(`${prefix}-expires`));
    if (date === null || seconds === undefined) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = date.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) + seconds * 1000;
  };
}

/** A time stamp beside the name of a key, as older schemes and CloudFront have it. */
function stamped(key: string): Scheme {
  return (parameters) =>
    parameters.has(key) && parameters.has('signature') ? stamp(parameters.get('expires')) : undefined;
}

/** CloudFront with a policy of its own: JSON in its variant of base64. */
function cloudFrontPolicy(parameters: Parameters): number | undefined {
  const policy = parameters.get('policy');
  if (policy === undefined || !parameters.has('key-pair-id')) return undefined;
  const base64 = policy.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/');
  const found = /"DateLessThan"\s*:\s*\{\s*"AWS:EpochTime"\s*:\s*(\d+)/.exec(
    Buffer.from(base64, 'base64').toString(),
  );
  return stamp(found?.[1]);
}

function azure(parameters: Parameters): number | undefined {
  const until = parameters.get('se');
  if (until === undefined || !parameters.has('sig') || !parameters.has('sv')) return undefined;
  // A date alone counts from midnight, and every time is UTC.
  const time = Date.parse(/^\d{4}-\d\d-\d\d$|Z$/.test(until) ? until : `${until}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** `start;end`, twice; the earlier end holds. */
function tencent(parameters: Parameters): number | undefined {
  if (!parameters.has('q-signature')) return undefined;
  const ends = ['q-sign-time', 'q-key-time'].flatMap((name) => {
    const end = stamp(parameters.get(name)?.split(';')[1]);
    return end === undefined ? [] : [end];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function stamp(seconds: string | undefined): number | undefined {
  const value = number(seconds);
  return value === undefined ? undefined : value * 1000;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
