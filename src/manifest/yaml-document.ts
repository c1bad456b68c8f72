import type { CST, Document, Node } from 'yaml';
import { Composer, Lexer, Parser } from 'yaml';
import { number } from '../core/count.ts';
import type { SyntaxMistake } from './explanation.ts';
import { limits } from './limits.ts';
import { keysBehindOddBlanks } from './look-alikes.ts';
import type { TextProblem } from './problem.ts';
import { type ReadBudget, readBudget } from './read-budget.ts';
import { type Reading, readAround } from './yaml-recovery.ts';

export interface YamlDocument {
  /** The first document's contents; null where there is none, or where it cannot be trusted. */
  readonly root: Node | null;
  readonly problems: readonly TextProblem[];
  /** Something of the text is left out of `root`. */
  readonly partial?: boolean;
  /** Keys of the file whose values are left out, and null in `root`. */
  readonly lost?: readonly string[];
}

/** Number of mistakes after which the rest of a file says nothing new. */
const mistakesRead = 50;

/**
 * Parses YAML 1.2 with the core schema, whatever the file's own directives say. Work and memory are bounded: the text is
 * given up as soon as it nests too deeply, has too many tokens, or has too many mistakes. Where a mistake breaks one shot
 * or scene, the rest is read all the same.
 */
export function parseYaml(text: string, budget: ReadBudget): YamlDocument {
  const read = readText(text, budget);
  if (read.problem !== null) return { root: null, problems: [read.problem] };
  const { document, second, mistakes } = read;
  const root = (document?.contents as Node | null | undefined) ?? null;
  const misplaced = root === null ? [] : keysBehindOddBlanks(root, text);
  if (mistakes.length > 0 || misplaced.length > 0) return readAround(text, { mistakes, misplaced }, reader);
  const problems = second === undefined ? [] : [severalDocuments(text, second)];
  return { root, problems };
}

/** Reads a text again, with what keeps it from being used. */
function reader(text: string): Reading | undefined {
  const { problem, document, mistakes } = readText(text, readBudget());
  const root = (document?.contents as Node | null | undefined) ?? null;
  if (problem !== null) return undefined;
  return { root, mistakes, misplaced: root === null ? [] : keysBehindOddBlanks(root, text) };
}

interface ReadText extends ReturnType<typeof compose> {
  /** The problem for which the text was given up. */
  readonly problem: TextProblem | null;
}

function readText(text: string, budget: ReadBudget): ReadText {
  const { tokens, problem } = tokensOf(text, budget);
  const nothing = { document: undefined, second: undefined, mistakes: [] };
  return problem === null ? { problem, ...compose(tokens, text.length) } : { problem, ...nothing };
}

function tokensOf(text: string, budget: ReadBudget): { tokens: CST.Token[]; problem: TextProblem | null } {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  let documents = 0;
  let others = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'document') documents += 1;
      else if (token.type === 'error' || token.type === 'directive') others += 1;
      tokens.push(token);
    }
    budget.tokens -= 1;
    if (budget.tokens < 0) return { tokens: [], problem: tooMany(parser.offset) };
    if (parser.stack.length > limits.depth) return { tokens: [], problem: tooDeep(parser.offset) };
    if (documents > 2 || others > mistakesRead) break;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, problem: null };
}

function compose(tokens: readonly CST.Token[], length: number) {
  const mistakes: SyntaxMistake[] = [];
  const documents: Document.Parsed[] = [];
  const composer = new StoppingComposer();
  try {
    for (const document of composer.compose(tokens, true, length)) documents.push(document);
  } catch (error) {
    if (!(error instanceof TooManyMistakes)) throw error;
  }
  for (const { pos, code, message } of [
    ...composer.met,
    ...documents.flatMap((document) => document.errors),
  ]) {
    mistakes.push({ start: pos[0], end: pos[1], code, message });
  }
  return { document: documents[0], second: documents[1]?.range[0], mistakes };
}

class TooManyMistakes extends Error {}

/**
 * The library keeps every mistake with a stack trace: a hostile file of a few megabytes would fill gigabytes. This one
 * gives up after a few, by replacing the handler that the library calls for each.
 */
class StoppingComposer extends Composer {
  readonly met: { pos: [number, number]; code: string; message: string }[] = [];

  constructor() {
    super({
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
    });
    Object.assign(this, { onError: this.#onError });
  }

  readonly #onError: ComposeErrorHandler = (source, code, message, warning) => {
    if (warning === true) return;
    this.met.push({ pos: placeOf(source), code, message });
    if (this.met.length >= mistakesRead) throw new TooManyMistakes();
  };
}

type ComposeErrorHandler = (
  source: number | readonly number[] | { readonly offset: number; readonly source?: string },
  code: string,
  message: string,
  warning?: boolean,
) => void;

function placeOf(source: Parameters<ComposeErrorHandler>[0]): [number, number] {
  if (typeof source === 'number') return [source, source + 1];
  if ('offset' in source) return [source.offset, source.offset + (source.source?.length ?? 1)];
  return [source[0] ?? 0, source[1] ?? 0];
}

function tooMany(offset: number): TextProblem {
  return {
    rule: 'file-too-large',
    message: `The manifest and its fragments hold more than ${number(limits.tokens)} pieces of YAML up to here`,
    help: 'Split it into several manifests',
    start: offset,
    end: offset + 1,
  };
}

function tooDeep(offset: number): TextProblem {
  return {
    rule: 'file-too-large',
    message: `Maps and lists are nested more than ${limits.depth} deep here`,
    help: 'Take levels out; a manifest needs fewer than ten',
    start: offset,
    end: offset + 1,
  };
}

function severalDocuments(text: string, start: number): TextProblem {
  const from = text.startsWith('---', start) ? start : Math.max(text.lastIndexOf('---', start), 0);
  return {
    rule: 'unsupported-yaml',
    message: 'A second document begins here, and only the first would be read',
    help: 'Delete the `---` line, or move what follows to a file of its own and `include` it',
    start: from,
    end: from + 3,
  };
}
