import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { version } from '../../core/version.ts';
import type { Edit } from '../../manifest/model.ts';
import { SourceIndex } from '../../manifest/source-index.ts';
import type { SourceFix } from '../found.ts';
import { type KnownRule, knownRules } from '../known-rules.ts';
import type { LintResult } from '../lint.ts';
import { ruleSection } from '../rules-doc.ts';
import { blackedOut, secretsIn } from '../secrets.ts';

/** SARIF 2.1.0, which code-review services and editors read: one run, with every rule that the findings name. */
export async function sarif(result: LintResult): Promise<string> {
  const { diagnostics, fixes, sources } = result;
  const ruleIds = [...new Set(diagnostics.map(({ rule }) => rule))].sort();
  const prints = new Fingerprints(sources);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'shotlist',
            semanticVersion: version,
            rules: await Promise.all(ruleIds.map(descriptor)),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: [...sources.keys()].map((file) => ({ location: { uri: uriOf(file) } })),
        results: diagnostics.map((diagnostic) =>
          resultOf(diagnostic, ruleIds.indexOf(diagnostic.rule), prints, fixes.get(diagnostic)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Its help is whole: with the examples, since there may be no place on the web to look them up. */
async function descriptor(id: string): Promise<object> {
  const rule: Partial<KnownRule> = knownRules.get(id) ?? {};
  const { summary, why, severity = 'error' } = rule;
  const text = `${why ?? summary ?? id}\n\n\`shotlist rules ${id}\` shows examples.`;
  const section = (await ruleSection(id)) ?? text;
  return {
    id,
    ...(summary === undefined ? {} : { shortDescription: { text: summary } }),
    ...(why === undefined ? {} : { fullDescription: { text: why } }),
    // Whatever reads this for secrets should find none, not even those of examples.
    help: { text, markdown: blackedOut(section, secretsIn(section)) },
    defaultConfiguration: { level: severity },
  };
}

function resultOf(
  diagnostic: Diagnostic,
  ruleIndex: number,
  prints: Fingerprints,
  fix: SourceFix | undefined,
): object {
  const { rule, severity, message, help, file, key } = diagnostic;
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: help === null ? `${message}.` : `${message}. ${help}.`.replace(/([.?!])\.$/, '$1') },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: regionOf(diagnostic) },
        ...(key === null ? {} : { logicalLocations: [{ fullyQualifiedName: key, kind: 'member' }] }),
      },
    ],
    partialFingerprints: { 'shotlistFinding/v1': prints.of(diagnostic) },
    ...(fix === undefined ? {} : { fixes: [fixOf(file, fix)] }),
  };
}

function regionOf({ line, column, endLine, endColumn }: Diagnostic): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function fixOf(file: string, { title, edits, source }: SourceFix): object {
  const index = source.index ?? new SourceIndex(source.text);
  const replacement = ({ start, end, text }: Edit): object => {
    const from = index.position(start);
    const to = index.position(end);
    return {
      deletedRegion: {
        startLine: from.line,
        startColumn: from.column,
        endLine: to.line,
        endColumn: to.column,
      },
      insertedContent: { text },
    };
  };
  return {
    description: { text: title },
    artifactChanges: [
      { artifactLocation: { uri: uriOf(file) }, replacements: edits.map((edit) => replacement(edit)) },
    ],
  };
}

/** As a relative reference, so that a service can look it up in the repository; absolute where the file was named so. */
function uriOf(file: string): string {
  if (/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return pathToFileURL(file).href;
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

/**
 * Knows a finding again after edits elsewhere: by its rule, its file and the line that it is about, not by where that line
 * stands. Findings that have all of that in common are told apart by their order.
 */
class Fingerprints {
  readonly #lines: ReadonlyMap<string, readonly string[]>;
  readonly #met = new Map<string, number>();

  constructor(sources: LintResult['sources']) {
    this.#lines = new Map([...sources].map(([file, text]) => [file, text.split('\n')]));
  }

  of({ rule, file, line, key }: Diagnostic): string {
    const text = this.#lines.get(file)?.[line - 1]?.trim() ?? '';
    const same = JSON.stringify([rule, uriOf(file), key, text]);
    const before = this.#met.get(same) ?? 0;
    this.#met.set(same, before + 1);
    return createHash('sha256').update(`${same} ${before}`).digest('hex').slice(0, 32);
  }
}
