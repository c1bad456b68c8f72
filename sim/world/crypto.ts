import { here } from './current.ts';

/** The stand-in for `node:crypto`: hashes are real, and what is random follows from the seed. */
export { createHash, createHmac, createPublicKey, hash, timingSafeEqual, verify } from 'node:crypto';

export function randomBytes(size: number): Buffer {
  return Buffer.from(here().random.hex(size), 'hex');
}

export function randomUUID(): string {
  const digits = here().random.hex(16);
  const version = `4${digits.slice(13, 16)}`;
  const variant = `8${digits.slice(17, 20)}`;
  return [digits.slice(0, 8), digits.slice(8, 12), version, variant, digits.slice(20)].join('-');
}

export function randomInt(below: number): number {
  return here().random.below(below);
}
