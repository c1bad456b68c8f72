/**
 * Globs on keys and names, matched in time that grows with the pattern times the text, whatever both hold: a pattern turned
 * into a regular expression can take for ever on a text that was made for it.
 *
 * `*` and `?` stand for characters other than `/`, `**` between slashes for any number of parts, `[a-z]` and `[!a-z]` for one
 * character, `{a,b}` and `@(a|b)` for one of several, `?(…)`, `*(…)` and `+(…)` for as many of them as that; `\` takes the
 * special meaning away.
 */
export function globMatcher(glob: string): (text: string) => boolean {
  const program = compile(glob);
  return (text) => run(program, text);
}

/** UTF-16 units of the longest glob: more than any key needs. */
export const longestGlob = 1000;

type Instruction =
  /** Goes on at every one of `next`, without a character. */
  | { readonly kind: 'split'; next: readonly number[] }
  /** Takes one character that fits, and goes on with the next instruction. */
  | { readonly kind: 'take'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'end' };

const notSlash = (character: string): boolean => character !== '/';
const whatever = (): boolean => true;

function compile(glob: string): readonly Instruction[] {
  const program: Instruction[] = [];
  const end = alternatives(glob, 0, '', program);
  // A closing sign that closes nothing is a character like any other.
  for (let at = end; at < glob.length; ) {
    program.push(literal(glob.charAt(at)));
    at = sequence(glob, at + 1, '', program);
  }
  program.push({ kind: 'end' });
  return program;
}

function literal(wanted: string): Instruction {
  return { kind: 'take', fits: (character) => character === wanted };
}

/** The marks that separate and close a group. */
const groups: Readonly<Record<string, { readonly separator: string; readonly close: string }>> = {
  '{': { separator: ',', close: '}' },
  '(': { separator: '|', close: ')' },
};

/** Compiles what stands between an opening and its end, as one of several; gives where it ended. */
function alternatives(glob: string, from: number, open: string, program: Instruction[]): number {
  const group = groups[open];
  const choice: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
  if (group !== undefined) program.push(choice);
  const ends: { kind: 'split'; next: readonly number[] }[] = [];
  const starts: number[] = [];
  let at = from;
  for (;;) {
    starts.push(program.length);
    at = sequence(glob, at, open, program);
    if (group === undefined) return at;
    const jump: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
    program.push(jump);
    ends.push(jump);
    if (glob.charAt(at) !== group.separator) break;
    at += 1;
  }
  choice.next = starts;
  for (const jump of ends) jump.next = [program.length];
  return at;
}

/** Compiles until what separates or closes the group that is open; gives where that is. */
function sequence(glob: string, from: number, open: string, program: Instruction[]): number {
  const group = groups[open];
  let at = from;
  while (at < glob.length) {
    const character = glob.charAt(at);
    if (group !== undefined && (character === group.separator || character === group.close)) return at;
    at = one(glob, at, program);
  }
  return at;
}

/** Compiles one element; gives where the next begins. */
function one(glob: string, at: number, program: Instruction[]): number {
  const character = glob.charAt(at);
  if (character === '\\' && at + 1 < glob.length) {
    program.push(literal(glob.charAt(at + 1)));
    return at + 2;
  }
  if ('?*+@'.includes(character) && glob.charAt(at + 1) === '(' && closes(glob, at + 1, '(')) {
    return repeated(glob, at, character, program);
  }
  if (character === '{' && closes(glob, at, '{')) return alternatives(glob, at + 1, '{', program) + 1;
  if (character === '[') {
    const set = characterSet(glob, at);
    if (set !== undefined) {
      program.push({ kind: 'take', fits: set.fits });
      return set.end;
    }
  }
  if (character === '*') return stars(glob, at, program);
  // At its end, `/**` is everything below, and the folder itself.
  if (glob.slice(at) === '/**') {
    const choice: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
    program.push(choice, literal('/'));
    loop(program, whatever);
    choice.next = [program.indexOf(choice) + 1, program.length];
    return glob.length;
  }
  program.push(character === '?' ? { kind: 'take', fits: notSlash } : literal(character));
  return at + 1;
}

/** `@(…)`, `?(…)`, `*(…)`, `+(…)`. */
function repeated(glob: string, at: number, how: string, program: Instruction[]): number {
  const before: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
  program.push(before);
  const start = program.length;
  const end = alternatives(glob, at + 2, '(', program) + 1;
  const after: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
  program.push(after);
  const next = program.length;
  before.next = how === '?' || how === '*' ? [start, next] : [start];
  after.next = how === '*' || how === '+' ? [start, next] : [next];
  return end;
}

function stars(glob: string, from: number, program: Instruction[]): number {
  let at = from;
  while (glob.charAt(at) === '*' && !(glob.charAt(at + 1) === '(' && closes(glob, at + 1, '('))) at += 1;
  const isPart = at - from >= 2 && (from === 0 || glob.charAt(from - 1) === '/');
  const after = glob.charAt(at);
  if (isPart && after === '/') {
    // `**/` is any number of whole parts, none included.
    loop(program, whatever, (afterLoop) => {
      program.push(literal('/'));
      return afterLoop;
    });
    return at + 1;
  }
  loop(program, isPart && after === '' ? whatever : notSlash);
  return at;
}

/** Takes as many characters as there are; with `closing`, either nothing at all, or those and what `closing` adds. */
function loop(
  program: Instruction[],
  fits: (character: string) => boolean,
  closing?: (next: number) => number,
): void {
  const skip: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
  if (closing !== undefined) program.push(skip);
  const start = program.length;
  const choice: { kind: 'split'; next: readonly number[] } = { kind: 'split', next: [] };
  program.push(choice, { kind: 'take', fits }, { kind: 'split', next: [start] });
  choice.next = [start + 1, program.length];
  closing?.(program.length);
  skip.next = [start, program.length];
}

/** True where a group that opens at a place is closed somewhere; braces without a comma are characters like any other. */
function closes(glob: string, at: number, open: string): boolean {
  const { separator = '', close = '' } = groups[open] ?? {};
  let depth = 0;
  let separated = open === '(';
  for (let index = at; index < glob.length; index += 1) {
    const character = glob.charAt(index);
    if (character === '\\') index += 1;
    else if (character === open) depth += 1;
    else if (character === separator && depth === 1) separated = true;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return separated;
    }
  }
  return false;
}

function characterSet(
  glob: string,
  from: number,
): { readonly end: number; readonly fits: (character: string) => boolean } | undefined {
  let at = from + 1;
  const isNegated = glob.charAt(at) === '!' || glob.charAt(at) === '^';
  if (isNegated) at += 1;
  const ranges: (readonly [low: string, high: string])[] = [];
  for (let first = true; at < glob.length; first = false) {
    const low = glob.charAt(at);
    if (low === ']' && !first) {
      const isIn = (character: string): boolean =>
        ranges.some(([least, most]) => character >= least && character <= most);
      return { end: at + 1, fits: (character) => character !== '/' && isIn(character) !== isNegated };
    }
    const high = glob.charAt(at + 2);
    const isRange = glob.charAt(at + 1) === '-' && high !== ']' && high !== '';
    ranges.push([low, isRange ? high : low]);
    at += isRange ? 3 : 1;
  }
  return undefined;
}

/** Follows every way through the program at once, one character after the other. */
function run(program: readonly Instruction[], text: string): boolean {
  let states = reached(program, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const state of states) {
      const instruction = program[state];
      if (instruction?.kind === 'take' && instruction.fits(character)) next.push(state + 1);
    }
    if (next.length === 0) return false;
    states = reached(program, next);
  }
  for (const state of states) if (program[state]?.kind === 'end') return true;
  return false;
}

function reached(program: readonly Instruction[], from: readonly number[]): ReadonlySet<number> {
  const states = new Set<number>();
  const open = [...from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (states.has(state)) continue;
    states.add(state);
    const instruction = program[state];
    if (instruction?.kind === 'split') open.push(...instruction.next);
  }
  return states;
}
