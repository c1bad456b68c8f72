/** Reasons why a text is left to the `yaml` library: each names something in it that this reader does not take. */
export const bailOuts = {
  nothing: 'there is nothing in it but comments',
  rootIndented: 'its first line is indented',
  marker: '`...`, a second `---`, or something behind `---`',
  directive: 'a line that begins with `%`',
  contentAfterRoot: 'something after the end of what the file holds',
  tooDeep: 'maps and lists inside each other, more than any manifest needs',
  tab: 'a tab where white space tells what belongs together',
  indicator: 'an anchor, an alias, a tag, or another character that YAML keeps for itself',
  explicitKey: '`? ` or `: ` at the begin of something',
  indentation: 'a line that stands in no column of what is open',
  missingKey: 'a line without a key among keys',
  itemAmongKeys: 'a `- ` among keys',
  itemBelow: 'a `-` with nothing behind it on its line',
  listInList: '`- -`, or a list on the line of its key',
  keyBelowQuote: 'a key that runs over lines',
  longKey: 'a key that is longer than a simple key may be',
  specialKey: '`<<` or `__proto__` as a key',
  keyNotText: 'a key that is a number, true, false or null',
  duplicateKey: 'the same key twice in a map',
  keyInText: '`: ` inside a text without quotes',
  openQuote: 'a quote that is not closed',
  afterValue: 'something behind a value on its line',
  hashWithoutSpace: 'a `#` right behind a value, or inside brackets at the begin of a line',
  deepComment: 'a comment that is indented deeper than what it stands in',
  shallowComment: 'a comment that is indented less than what follows it',
  commentAtEmpty: 'a comment at a key without a value',
  escape: 'an escape for half a character or a control character, or one that YAML does not know',
  oddKey: 'a key that begins with neither a letter nor a sign of ASCII',
  lessIndented: 'a line of a quoted text, or inside brackets, that is not indented enough',
  blockHeader: 'an indentation indicator, or something else behind `|` or `>`',
  blockBelow: '`|` or `>` on a line of its own',
  blockEmpty: 'a block of text without any',
  blockBlank: 'a blank line with more spaces than the block of text that it stands in',
  blockEnd: 'a block of text that the file ends in, without a line end',
  flowOpen: 'a bracket that is not closed',
  flowEntry: 'something else than values with commas inside brackets',
  flowEmpty: 'a value that is left out inside brackets',
  flowLines: 'a text without quotes inside brackets that runs over lines',
} as const;

export type BailOut = keyof typeof bailOuts;

export class Unusual extends Error {
  readonly why: BailOut;
  constructor(why: BailOut) {
    super(bailOuts[why]);
    this.why = why;
  }
}

/** Gives the text up, wherever in it the reader is. */
export function bail(why: BailOut): never {
  throw new Unusual(why);
}
