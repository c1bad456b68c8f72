import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A text in the source that people may read, with numbered holes for what changes. */
export interface SourceMessage {
  /** From the project's root. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Where texts stand that are not said while somebody works: documentation, samples, data, other programs' words. */
const silent =
  /^src\/(?:generated|emulator|index\.ts|report\/formats\/html\/page|server)|\/(?:signing-schemes|schema|statements|aliases|starter|scripts|media-fixtures)\.ts$|-doc\.ts$|(?:example|examples)\.ts$|example-media\.ts$/;

/** Properties whose text is documentation or a sample. */
const silentProperties = new Set([
  'bad',
  'good',
  'docs',
  'leavesAlone',
  'ignores',
  'source',
  'sql',
  'flags',
  'command',
  'pattern',
]);

/** What a rule says of itself in its documentation. */
const ruleProperties = new Set(['summary', 'why', 'provider']);

/**
 * Every message of the program, found in its sources: two words or more in a string that is not a sample, a statement of
 * a database or a name.
 *
 * @param root the project's folder.
 */
export function sourceMessages(root: string): readonly SourceMessage[] {
  return filesIn(path.join(root, 'src'))
    .map((file) => path.relative(root, file).split(path.sep).join('/'))
    .filter((file) => !silent.test(file))
    .flatMap((file) => messagesIn(file, readFileSync(path.join(root, file), 'utf8')));
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(file);
      return file.endsWith('.ts') ? [file] : [];
    });
}

function messagesIn(file: string, text: string): readonly SourceMessage[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: SourceMessage[] = [];
  const visit = (node: ts.Node): void => {
    if (isSilent(node)) return;
    const written = textOf(node);
    if (written !== null && isMessage(written)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      for (const each of written.split('\n')) {
        const trimmed = each.trim();
        if (isMessage(trimmed)) found.push({ file, line: line + 1, text: renumbered(trimmed) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isSilent(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isPropertyAssignment(node)) {
    const name = node.name.getText().replace(/['"]/g, '');
    const isRule = node.getSourceFile().fileName.startsWith('src/lint/');
    return silentProperties.has(name) || (isRule && ruleProperties.has(name));
  }
  // A bug is told to who mends it.
  if (ts.isNewExpression(node))
    return /^(?:TypeError|RangeError|Error|RegExp)$/.test(node.expression.getText());
  return false;
}

function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node) || ts.isTaggedTemplateExpression(node.parent)) return null;
  const spans = node.templateSpans.map(({ literal }, index) => `{${index}}${literal.text}`);
  return node.head.text + spans.join('');
}

function isMessage(text: string): boolean {
  if (
    /^(?:SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|WITH|ALTER|DROP|SAVEPOINT|ROLLBACK|RELEASE)\b/.test(
      text,
    )
  )
    return false;
  const words = text.replace(/`[^`]*`/g, '`').replace(/\{\d+\}/g, ' ');
  return /[A-Za-z]{2,}['’]?[a-z]*[,:;]? +(?:[A-Za-z(]{2,}|a\b|is\b)/.test(words) && !/^https?:/.test(text);
}

/** Lines of one text begin to count anew. */
function renumbered(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(/\{(\d+)\}/g, (_, number: string) => {
    if (!numbers.has(number)) numbers.set(number, numbers.size);
    return `{${numbers.get(number)}}`;
  });
}
