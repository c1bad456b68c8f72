/** Replaces what would steer a terminal or turn the reading direction, in text that comes from a manifest. */
export function harmless(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === '\t') return '  ';
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
