import type { Diagnostic } from '../core/diagnostic.ts';
import type { Edit, Finding, Mark, Origin, Path, Source } from './model.ts';
import { SourceIndex } from './source-index.ts';
import { isAlias, isMap, isPair, isScalar, isSeq, type YamlNode, type YamlPair } from './yaml-nodes.ts';

/**
 * Places a finding: the one function that turns paths into lines and columns. Columns count UTF-16 units from 1, the end
 * is exclusive. A path that leads nowhere is placed at the nearest thing above it.
 */
export function locate(finding: Finding): Diagnostic {
  const { source } = finding.origin;
  const { start, end } = narrowed(
    finding,
    finding.range ?? spanOf(source, finding.origin.path, finding.mark),
  );
  const index = source.index ?? new SourceIndex(source.text);
  const from = index.position(start);
  const to = index.position(end);
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    help: finding.help ?? null,
    file: source.file,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    key: finding.key === undefined || finding.key === '' ? null : finding.key,
    fixable: finding.fix !== undefined,
  };
}

/** The scalar at a path as it is written, without its quotes: `0010` where the value is 10. Undefined where there is none. */
export function writtenAt(source: Source, path: Path): string | undefined {
  const { node, whole } = follow(source, path);
  return whole && isScalar(node) ? node.source : undefined;
}

/** Finds where the key of the pair at a path stands: UTF-16 offsets, its quotes included. Undefined where there is no such pair. */
export function keySpan({ source, path }: Origin): Span | undefined {
  const { pair, whole } = follow(source, path);
  return whole && pair !== null ? rangeOf(source.text, pair.key) : undefined;
}

/** Finds where the value at a path stands; undefined where there is none, or an empty one. */
export function valueSpan({ source, path }: Origin): Span | undefined {
  const { node, whole } = follow(source, path);
  return whole && node !== null && !isEmpty(node) ? rangeOf(source.text, node) : undefined;
}

/** Writes another key in the place of the one at a path, quoted as before; undefined where it is not written plainly. */
export function renamed(origin: Origin, name: string): Edit | undefined {
  const span = keySpan(origin);
  if (span === undefined) return undefined;
  const quote = /^["']/.exec(origin.source.text.slice(span.start, span.end))?.[0] ?? '';
  const written = origin.source.text.slice(span.start + quote.length, span.end - quote.length);
  if (written !== origin.path.at(-1)) return undefined;
  return { start: span.start + quote.length, end: span.end - quote.length, text: name };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly node: YamlNode | null;
  /** The pair whose value the node is, where it stands in a map. */
  readonly pair: YamlPair | null;
  /** False where the path could not be followed to its end. */
  readonly whole: boolean;
}

function spanOf(source: Source, path: Path, mark: Mark): Span {
  if (source.root === null) return firstLine(source.text, 0, source.text.length);
  const { node, pair, whole } = follow(source, path);
  if (mark === 'key' && whole && pair !== null) return rangeOf(source.text, pair.key);
  if (node === null || isEmpty(node)) {
    if (pair !== null) return rangeOf(source.text, pair.key);
    return (whole && dashOf(source.text, node)) || firstLine(source.text, 0, source.text.length);
  }
  if (mark !== 'item' && whole) return rangeOf(source.text, node);
  return itemSpan(source.text, node);
}

function follow(source: Source, path: Path): Place {
  const index = source.index ?? new SourceIndex(source.text);
  let place: Place = { node: source.root, pair: null, whole: true };
  for (const step of path) {
    const next = stepInto(behindAlias(source, place.node), step, index);
    if (next === undefined) return { ...place, whole: false };
    place = next;
  }
  return place;
}

function behindAlias(source: Source, node: YamlNode | null): YamlNode | null {
  return isAlias(node) ? (source.aliases?.get(node) ?? null) : node;
}

function stepInto(node: YamlNode | null, step: string | number, index: SourceIndex): Place | undefined {
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    return item === undefined ? undefined : { node: item, pair: null, whole: true };
  }
  if (!isMap(node)) return undefined;
  const pair = index.pair(node, step);
  return pair === undefined ? undefined : { node: pair.value, pair, whole: true };
}

function isEmpty(node: YamlNode): boolean {
  return node.range == null || node.range[0] === node.range[1];
}

/** The `-` of an item with nothing behind it. */
function dashOf(text: string, item: YamlNode | null): Span | undefined {
  const dash = text.lastIndexOf('-', (item?.range?.[0] ?? 0) - 1);
  return dash === -1 || /[^\s-]/.test(text.slice(dash, item?.range?.[0]))
    ? undefined
    : { start: dash, end: dash + 1 };
}

/** Spans a node from its first character to its last, line ends and white space after it left out. */
function rangeOf(text: string, node: YamlNode): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** Spans an item from its first character to the end of its first line's content. */
function itemSpan(text: string, node: YamlNode): Span {
  const { start, end } = rangeOf(text, node);
  const lineEnd = text.indexOf('\n', start);
  if (lineEnd === -1 || end <= lineEnd) return { start, end };
  const content = (isMap(node) || isSeq(node)) && !node.flow ? endOfFirst(text, node.items[0]) : undefined;
  return content !== undefined && content > start && content <= lineEnd
    ? { start, end: content }
    : firstLine(text, start, end);
}

/** Finds where the first entry of an indented map or list ends: comments after it are not part of it. */
function endOfFirst(text: string, first: unknown): number | undefined {
  const node = isPair(first) ? (first.value ?? first.key) : (first as YamlNode | undefined);
  if (node === undefined) return undefined;
  const { start, end } = rangeOf(text, node);
  return end > start ? end : undefined;
}

function firstLine(text: string, from: number, to: number): Span {
  const content = text.slice(from, to);
  const start = from + (content.length - content.trimStart().length);
  const lineEnd = text.indexOf('\n', start);
  const end = lineEnd === -1 ? to : Math.min(lineEnd, to);
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** The finding's token inside its value, where the text shows it; the whole value otherwise. */
function narrowed(finding: Finding, span: Span): Span {
  const { token, mark, origin } = finding;
  if (token === undefined || mark !== 'value') return span;
  const { text, root } = origin.source;
  const from = root === null ? 0 : span.start;
  const value = root === null ? text : text.slice(span.start, span.end);
  let at = -1;
  for (let seen = 0; seen <= token.occurrence; seen += 1) {
    at = value.indexOf(token.text, at + 1);
    if (at === -1) return span;
  }
  return { start: from + at, end: from + at + token.text.length };
}
