import { nearest } from '../core/suggest.ts';
import type { Finding, Source } from '../manifest/model.ts';
import { SourceIndex } from '../manifest/source-index.ts';
import type { YamlComment } from '../manifest/yaml-nodes.ts';

/** A comment that keeps findings of some rules from being shown. */
export interface Suppression {
  /** The line that it is about, from 1; undefined where it is about the whole file. */
  readonly line: number | undefined;
  readonly rules: readonly { readonly id: string; readonly start: number; readonly end: number }[];
  /** It has a mistake, which is told before whether anything needs it. */
  readonly bad: boolean;
}

/** Suppressions that the comments of one file state, and their mistakes. */
export interface FileSuppressions {
  readonly suppressions: readonly Suppression[];
  readonly findings: readonly Finding[];
}

/** Tells for a rule's id whether it can be suppressed; undefined for an id that is not known. */
export interface SuppressibleRules {
  isSuppressible(id: string): boolean | undefined;
  ids(): Iterable<string>;
}

export const badSuppression = {
  id: 'bad-suppression',
  severity: 'error',
  summary: 'A comment that should suppress findings cannot',
  why: 'A finding is suppressed by `# shotlist-disable-next-line rule-id -- reason` on the line above it, or by `# shotlist-disable-file rule-id -- reason` anywhere in its file; several ids are separated by commas. The reason is required: whoever reads the file next must be able to judge it. Errors that the provider would certainly refuse, and secrets, cannot be suppressed.',
} as const;

export const unusedSuppression = {
  id: 'unused-suppression',
  severity: 'warning',
  summary: 'A comment suppresses nothing',
  why: 'What it was written for has been mended, or stands elsewhere now. Left in place, it would hide the next mistake of that kind.',
} as const;

/** Reads the comments of a file that was parsed; a prompt file has none. */
export function readSuppressions(source: Source, known: SuppressibleRules): FileSuppressions {
  if (source.root === null || !source.text.includes(prefix)) return { suppressions: [], findings: [] };
  const suppressions: Suppression[] = [];
  const findings: Finding[] = [];
  const lineAfter = nextLines(source.text);
  for (const comment of source.comments?.() ?? []) {
    if (!opening.test(comment.text)) continue;
    if (findings.length >= mistakesShown) break;
    const read = readComment(source, comment, lineAfter, known);
    if (read.suppression !== undefined) suppressions.push(read.suppression);
    findings.push(...read.findings);
  }
  return { suppressions, findings };
}

/** Reports a suppression that suppressed nothing, as a finding at the rule's id in the comment. */
export function unusedFinding(source: Source, rule: Suppression['rules'][number]): Finding {
  return {
    rule: unusedSuppression.id,
    severity: unusedSuppression.severity,
    message: `Nothing here is suppressed by \`${rule.id}\``,
    help: 'Delete it from the comment',
    ...at(source, rule.start, rule.end),
  };
}

const prefix = 'shotlist-disable';
/** Wrong comments of one file that are reported; more of them say nothing new. */
const mistakesShown = 50;

const opening = /^#+\s*shotlist-disable(?<scope>[\w-]*)\s*/;

const scopes: ReadonlySet<string> = new Set(['-next-line', '-file']);

interface ReadComment {
  readonly suppression: Suppression | undefined;
  readonly findings: readonly Finding[];
}

function readComment(
  source: Source,
  { text, start }: YamlComment,
  lineAfter: (offset: number) => number,
  known: SuppressibleRules,
): ReadComment {
  const head = opening.exec(text);
  const scope = head?.groups?.['scope'] ?? '';
  const before = head?.[0].length ?? 0;
  const { ids, reason } = parts(text.slice(before).trimEnd());
  const end = start + text.trimEnd().length;
  const wrong = (message: string, help: string): ReadComment => ({
    suppression: undefined,
    findings: [bad(source, start, end, message, help)],
  });
  if (!scopes.has(scope)) {
    return wrong(
      `\`${prefix}${scope}\` is not known`,
      `Write \`# ${prefix}-next-line rule-id -- reason\`, or \`# ${prefix}-file rule-id -- reason\``,
    );
  }
  if (ids.trim() === '') {
    return wrong(
      'This comment names no rule',
      `Write \`# ${prefix}${scope} rule-id -- reason\`; every finding names its rule`,
    );
  }
  const named = rulesIn(ids, start + before);
  const findings = named.flatMap((rule) => judge(source, rule, known));
  if (findings.length === 0 && reason === '') {
    findings.push(
      bad(source, start, end, 'This comment gives no reason', 'Add ` -- ` and why the finding is right here'),
    );
  }
  return {
    suppression: {
      line: scope === '-file' ? undefined : lineAfter(start),
      bad: findings.length > 0,
      rules: named.filter(({ id }) => known.isSuppressible(id) === true),
    },
    findings,
  };
}

/** Parts a comment at its ` -- `. */
function parts(text: string): { readonly ids: string; readonly reason: string } {
  const dash = /(?:^|\s)--(?:\s|$)/.exec(text);
  if (dash === null) return { ids: text, reason: '' };
  return { ids: text.slice(0, dash.index), reason: text.slice(dash.index + dash[0].length).trim() };
}

function rulesIn(ids: string, start: number): Suppression['rules'] {
  return [...ids.matchAll(/[^\s,]+/g)].map(({ 0: id, index }) => ({
    id,
    start: start + index,
    end: start + index + id.length,
  }));
}

function judge(source: Source, rule: Suppression['rules'][number], known: SuppressibleRules): Finding[] {
  const { id, start, end } = rule;
  const can = known.isSuppressible(id);
  if (can === true) return [];
  if (can === false) {
    return [
      bad(
        source,
        start,
        end,
        `\`${id}\` cannot be suppressed`,
        id === badSuppression.id || id === unusedSuppression.id
          ? 'Mend the comment that it is about'
          : `Mend what it finds: it would fail all the same, or give a secret away (\`shotlist rules ${id}\`)`,
      ),
    ];
  }
  const near = nearest(id, known.ids());
  const help = near === undefined ? '`shotlist rules` lists them' : `Did you mean \`${near}\`?`;
  return [bad(source, start, end, `There is no rule \`${id}\``, help)];
}

/** Finds, for an offset, the number of the next line, from 1, that is neither empty nor a comment. */
function nextLines(text: string): (offset: number) => number {
  const lines = text.split('\n');
  const next: number[] = [];
  let content = lines.length;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    next[index] = content;
    const line = lines[index]?.trim() ?? '';
    if (line !== '' && !line.startsWith('#')) content = index + 1;
  }
  const index = new SourceIndex(text);
  return (offset) => next[index.position(offset).line - 1] ?? lines.length;
}

function bad(source: Source, start: number, end: number, message: string, help: string): Finding {
  const { id, severity } = badSuppression;
  return { rule: id, severity, message, help, ...at(source, start, end) };
}

function at(source: Source, start: number, end: number): Pick<Finding, 'origin' | 'mark' | 'range'> {
  return { origin: { source, path: [] }, mark: 'value', range: { start, end } };
}
