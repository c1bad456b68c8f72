import type { Source } from '../model.ts';
import type { SourceIndex } from '../source-index.ts';
import type { PlainScalarFilter, YamlComment, YamlNode, YamlScalar } from '../yaml-nodes.ts';
import { kinds, type Tape } from './tape.ts';
import { plainScalarAt, treeOf } from './tree.ts';

/** A file that was read from a tape. What it says of its YAML is made when it is asked for: mostly it never is. */
export class FastFile implements Source {
  readonly file: string;
  readonly absolutePath: string | null;
  readonly text: string;
  readonly index: SourceIndex | undefined;
  readonly #tape: Tape;
  #root: YamlNode | undefined;

  constructor({ file, absolutePath, text, index }: Source, tape: Tape) {
    this.file = file;
    this.absolutePath = absolutePath;
    this.text = text;
    this.index = index;
    this.#tape = tape;
  }

  get root(): YamlNode {
    this.#root ??= treeOf(this.text, this.#tape);
    return this.#root;
  }

  /** Every comment, in order: each `#` that stands in no text. */
  comments(): readonly YamlComment[] {
    const { text } = this;
    const tape = this.#tape;
    const comments: YamlComment[] = [];
    let node = 0;
    let from = 0;
    for (;;) {
      const start = text.indexOf('#', from);
      if (start === -1) return comments;
      while (node < tape.length && (!isScalar(tape.kind(node)) || tape.end(node) <= start)) {
        node = tape.next(node);
      }
      if (node < tape.length && tape.start(node) <= start) {
        from = tape.end(node);
        continue;
      }
      const lineEnd = text.indexOf('\n', start);
      const line = text.slice(start, lineEnd === -1 ? text.length : lineEnd);
      const comment = line.endsWith('\r') ? line.slice(0, -1) : line;
      comments.push({ text: comment, start });
      from = start + comment.length;
    }
  }

  /** The texts without quotes that are wanted, keys included. */
  *plainScalars(isWanted: PlainScalarFilter): Generator<YamlScalar> {
    const tape = this.#tape;
    for (let at = 0; at < tape.length; at = tape.next(at)) {
      if (tape.kind(at) !== kinds.plain) continue;
      const start = tape.start(at);
      if (isWanted(this.text.charCodeAt(start), tape.end(at) - start))
        yield plainScalarAt(this.text, tape, at);
    }
  }
}

function isScalar(kind: number): boolean {
  return kind >= kinds.plain;
}
