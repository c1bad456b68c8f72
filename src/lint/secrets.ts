/** A secret in a text: where it stands, in UTF-16 offsets, and what it looks like. */
export interface Secret {
  readonly start: number;
  readonly end: number;
  /** "a bearer token". */
  readonly what: string;
  readonly inUrl: boolean;
}

interface Pattern {
  readonly what: string;
  /** The first group is the secret; without one, all of it. */
  readonly pattern: RegExp;
  /** True where anything that fits is a secret; otherwise it has to look random too. */
  readonly certain: boolean;
  readonly inUrl?: true;
}

/** Number of secrets of one text that are reported; more of them say nothing new. */
const secretsShown = 100;

/** Finds what looks like a secret: in values, comments and keys of the user's own alike. */
export function secretsIn(text: string): readonly Secret[] {
  if (!hints.test(text)) return [];
  const found: Secret[] = [];
  for (const { what, pattern, certain, inUrl } of patterns) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
      if (!certain && !looksRandom(text.slice(start, end))) continue;
      // A bearer token under `authorization:` is one secret.
      if (found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ start, end, what, inUrl: inUrl === true });
      if (found.length >= secretsShown) return found;
    }
  }
  return found;
}

/** A text with what must not be shown blacked out; every other place stays where it is. */
export function blackedOut(text: string, ranges: readonly Pick<Secret, 'start' | 'end'>[]): string {
  if (ranges.length === 0) return text;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start < from) continue;
    pieces.push(text.slice(from, start), text.slice(start, end).replace(/[^\r\n]/g, '•'));
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Signs of secrets. Nearly every text has none, and one look says so. */
const hints =
  /bearer|(?<!\w)(?:sk|pk|rk)[-_]|gh[a-z]_|github_pat|glpat|xox|AIza|eyJ|PRIVATE KEY|(?<!\w)(?:hf|npm)_|api[-_]?key|secret|passw|token|authorization|[?&]key=|\/\/[^\s/?#@]+@/i;

const patterns: readonly Pattern[] = [
  {
    what: 'a private key',
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:[^-]{0,4000}-----END [A-Z ]{0,40}PRIVATE KEY-----)?/dg,
    certain: true,
  },
  {
    what: 'a name and a password in a URL',
    pattern: /:\/\/([^\s/?#@:"']{1,200}:[^\s/?#@"']{1,200})@/dg,
    certain: true,
    inUrl: true,
  },
  {
    what: 'an access token in a URL',
    pattern: /:\/\/([^\s/?#@:"']{16,200})@/dg,
    certain: false,
    inUrl: true,
  },
  {
    what: 'an API key in a URL',
    pattern:
      /[?&](?:api[-_]?key|access[-_]?token|client[-_]?secret|password|secret|key)=([^&#\s"',)]{12,500})/dgi,
    certain: false,
    inUrl: true,
  },
  { what: 'a bearer token', pattern: /\bbearer\s+([A-Za-z0-9._~+/-]{12,2000}=*)/dgi, certain: false },
  {
    what: 'an API key',
    pattern:
      /(?<![\w-])(?:(?:sk|pk|rk)[-_][\w-]{16,300}|gh[pousr]_\w{20,300}|github_pat_\w{20,300}|glpat-[\w-]{16,300}|xox[abeprs]-[\w-]{10,300}|AIza[\w-]{30,60}|(?:hf|npm)_\w{20,300})/dg,
    certain: false,
  },
  {
    what: 'a signed token',
    // In a query it is what signs the URL.
    pattern: /(?<![\w=/.-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}/dg,
    certain: true,
  },
  {
    what: 'a key or a password',
    pattern:
      /(?<![\w?&-])[\w-]{0,60}(?:api[-_]?key|secret|passwd|password|token|authorization)["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([^\s"',;{}[\]]{12,2000})/dgi,
    certain: false,
  },
];

/** Letters and digits mixed, as no word and no path is. */
function looksRandom(text: string): boolean {
  if (text.includes('${') || text.includes('://')) return false;
  return text.length >= 12 && /\d/.test(text) && /[A-Za-z]/.test(text) && new Set(text).size >= 8;
}
