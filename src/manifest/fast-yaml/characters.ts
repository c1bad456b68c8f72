// UTF-16 units that mean something to YAML.
export const tab = 0x09;
export const feed = 0x0a;
export const carriageReturn = 0x0d;
export const space = 0x20;
export const doubleQuote = 0x22;
export const hash = 0x23;
export const percent = 0x25;
export const singleQuote = 0x27;
export const plus = 0x2b;
export const comma = 0x2c;
export const dash = 0x2d;
export const dot = 0x2e;
export const digit0 = 0x30;
export const digit9 = 0x39;
export const colon = 0x3a;
export const greater = 0x3e;
export const question = 0x3f;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const bar = 0x7c;
export const closeBrace = 0x7d;

/** White space, a line end, or the end of the text (whose unit is NaN). */
export function isWhite(unit: number): boolean {
  return unit === space || unit === feed || unit === tab || unit === carriageReturn || Number.isNaN(unit);
}

/** A line end, or the end of the text. Every carriage return of a text that is read stands before a line feed. */
export function endsLine(unit: number): boolean {
  return unit === feed || unit === carriageReturn || Number.isNaN(unit);
}

/** `,`, `[`, `]`, `{` and `}`, which end a text without quotes inside brackets. */
export function isFlowIndicator(unit: number): boolean {
  return (
    unit === comma ||
    unit === openBracket ||
    unit === closeBracket ||
    unit === openBrace ||
    unit === closeBrace
  );
}

/** Characters that no text without quotes begins with. */
const indicators: ReadonlySet<number> = new Set([...'&*!|>%@`,[]{}#"\''].map((each) => each.charCodeAt(0)));

export function isIndicator(unit: number): boolean {
  return unit < 0x7e && indicators.has(unit);
}
