/** Boxes of the ISO base media file format, written by hand. */
export function box(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = join(parts);
  return join([u32(body.length + 8), text(type), body]);
}

/** A box with version 0 and no flags. */
export function full(type: string, ...parts: readonly Uint8Array[]): Uint8Array {
  return box(type, u32(0), ...parts);
}

export function u16(value: number): Uint8Array {
  return Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
}

export function u32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

export function text(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'latin1'));
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
