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
const silent = new RegExp(
  [
    '^src/(?:generated|emulator|index.ts|main.ts|language|server)',
    '^src/(?:report/formats/html|manifest/fast-yaml)/',
    '^src/core/(?:code-cache|stand-in)',
    '^src/ledger/(?:sqlite|postgres)/(?:load|rows|schema|statements|migrations)',
    '/(?:signing-schemes|aliases|starter|scripts|foreign-keys|url-extension)[.]ts$',
    '(?:-doc|example|examples|example-media)[.]ts$',
  ].join('|'),
);

/** Texts that look like messages, and are data: what is looked for in files and prompts, samples, other programs' words. */
const data: ReadonlySet<string> = new Set([
  ...['same as above', 'see above', 'as above', 'same as previous', 'prompt here', 'prompt goes here'],
  ...['your prompt', 'your prompt here', 'insert prompt here', 'enter prompt', 'lorem ipsum'],
  ...['shot id', 'shot number', 'model: videos', 'project: demo', 'project: neon-alley', '- id: sh0010'],
  ...['model: {0}', 'id: sc010', 'id: sh0010', 'fps: {0}', 'number: {0}', 'sheet: {0}'],
  ...['prompt: Mika crosses the alley, handheld camera, rain', 'yyyy-mm-dd hh:mm:ss'],
  ...['sufficiently indented', 'Nested mappings', 'Missing closing', 'Sequence item without', 'at node end'],
  ...['Implicit map keys need to be followed by map values', 'Block scalar header', 'Not a YAML token'],
  ...['Proxy response', 'bytes of the file that are not held', 'SQLite format 3', 'Basic {0}', 'Bearer {0}'],
  ...['shotlist media reader', 'shotlist/{0} (media preflight)', 'shotlist {0}', 'shotlist lint'],
  ...['::notice title=shotlist::{0}', '<?xml version="1.0" encoding="UTF-8"?>', '### shotlist lint: {0}'],
  'ftyp styp moov moof mdat mfra free skip wide udta meta uuid sidx ssix prft emsg pdin pnot',
  ...['help [command]', '| | where | finding |', '{0}true # import: {1}', 'sent     {0}, attempt {1}'],
  ...[
    '* FROM CLIP NAME: {0}',
    '* SOURCE FILE: {0}',
    '* LOC: {0} GREEN   {1}',
    '<!DOCTYPE fcpxml>',
    'ffconcat version 1.0',
  ],
  ...['# {0}: no take is picked', 'inpoint {0}', 'outpoint {0}'],
  ...['fingerprint {0}', 'key {0}'],
  ...['version https://git-lfs.github.com/spec/v1', 'public, max-age=31536000, immutable'],
  'Upload {0}, to {1}, and s',
  ...['This is none of the known ones. Keep it all the same?', '<!-- shotlist plan: {0} -->'],
]);

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
        const bare = withoutSurroundings(each);
        const message = renumbered(bare);
        if (isMessage(message) && !data.has(message)) found.push({ file, line: line + 1, text: message });
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
    const isRule = /^src\/(?:lint\/|manifest\/rules)/.test(node.getSourceFile().fileName);
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

/** Known headings of tables. */
const headings =
  /^(?:taskid taskno|createdat created|model modelname|prompt prompttext|status taskstatus|amount cost) /;

function isMessage(text: string): boolean {
  if (headings.test(text)) return false;
  if (
    /^(?:SELECT|FROM|SET|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|WITH|ALTER|DROP|SAVEPOINT|ROLLBACK|RELEASE)\b/.test(
      text,
    )
  )
    return false;
  if (
    /^[A-Z][a-z]+ \{\d+\}/.test(text) ||
    /^(?:\{\d+\} )[a-z]{2,}$/.test(text) ||
    /^[a-z]{3,}:? \{\d+\}$/.test(text)
  )
    return true;
  const words = text.replace(/`[^`]*`/g, '`').replace(/\{\d+\}/g, ' ');
  return (
    (words.match(/(?<![\w.\-/])[A-Za-z]{2,}(?![\w./=-])/g) ?? []).length > 1 &&
    / /.test(text.trim()) &&
    !/^https?:/.test(text)
  );
}

/** What joins a message to the one before it, and what it stands in, is no part of it. */
function withoutSurroundings(text: string): string {
  const bare = text.trim().replace(/^[;,:.] /, '');
  return /^\([^()]*\)$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** Lines of one text begin to count anew. */
function renumbered(text: string): string {
  const numbers = new Map<string, number>();
  return text.replace(/\{(\d+)\}/g, (_, number: string) => {
    if (!numbers.has(number)) numbers.set(number, numbers.size);
    return `{${numbers.get(number)}}`;
  });
}
