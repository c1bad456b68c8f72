import { number } from '../../core/count.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { homepage, version } from '../../core/version.ts';
import type { Edit } from '../../manifest/model.ts';
import { SourceIndex } from '../../manifest/source-index.ts';
import type { SourceFix } from '../found.ts';
import { type KnownRule, knownRules } from '../known-rules.ts';
import type { LintResult } from '../lint.ts';
import { ruleSection } from '../rules-doc.ts';
import { blackedOut, secretsIn } from '../secrets.ts';
import { Fingerprints, uriOf } from './fingerprints.ts';
import { worstFirst } from './worst-first.ts';

/** SARIF 2.1.0, which code-review services and editors read: one run, with every rule that the findings name. */
export async function sarif(result: LintResult): Promise<string> {
  const { fixes, sources } = result;
  const { shown: diagnostics, left } = worstFirst(result.diagnostics, mostResults);
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
            informationUri: homepage,
            semanticVersion: version,
            rules: await Promise.all(ruleIds.map(descriptor)),
          },
        },
        ...(left.length === 0 ? {} : { invocations: [leftOut(left, result)] }),
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

/** Results that GitHub's code scanning takes in one run; a file with more is refused whole. */
const mostResults = 25_000;

/** Says that the run holds less than was found, and how much. */
function leftOut(left: readonly Diagnostic[], { summary }: LintResult): object {
  const { errors, warnings } = summary;
  const text = `${number(left.length)} of ${number(errors + warnings)} findings are left out here, the least severe of them; \`shotlist lint\` shows all.`;
  return {
    executionSuccessful: true,
    toolExecutionNotifications: [{ level: 'warning', message: { text } }],
    properties: { findings: errors + warnings, leftOut: left.length },
  };
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
