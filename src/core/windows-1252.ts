/** Bytes 0x80 to 0x9F. The five that have no character of their own stay control characters, as the WHATWG's table has it. */
const upper = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/**
 * Decodes windows-1252. Node's own decoder takes it for Latin-1 in many releases, 20.20 among them, and makes control
 * characters of typographic quotes.
 */
export function windows1252Text(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin.replace(/[\u0080-\u009f]/g, (control) => upper.charAt(control.charCodeAt(0) - 0x80));
}

/** The byte that a UTF-16 unit is in windows-1252, or in Latin-1 where that has none; undefined for others. */
export function windows1252Byte(unit: string): number | undefined {
  const code = unit.charCodeAt(0);
  if (code <= 0xff) return code;
  const index = unit === '' ? -1 : upper.indexOf(unit);
  return index === -1 ? undefined : 0x80 + index;
}
