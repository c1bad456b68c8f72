import { isIP } from 'node:net';

/**
 * The reason why a probe must not connect to an IP address: what that is ("a loopback address"). null for a public one.
 * Addresses that carry an IPv4 address (mapped, NAT64, 6to4) are judged by it, since that is where they lead.
 */
export function whyNotPublic(address: string): string | null {
  const plain = address.split('%', 1)[0] ?? '';
  if (isIP(plain) === 4) return whyNotPublicV4(bytesOfV4(plain));
  if (isIP(plain) === 6) return whyNotPublicV6(bytesOfV6(plain));
  return 'not an IP address';
}

/**
 * The reason why a host name must not be handed to a proxy, which resolves it out of our sight: it only means something
 * inside a network. null for a name that may be public.
 */
export function whyNotPublicName(hostname: string): string | null {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (!name.includes('.')) return 'a name without a domain, which only means something inside a network';
  return privateSuffixes.some((suffix) => name.endsWith(suffix))
    ? 'a name that only means something inside a network'
    : null;
}

const privateSuffixes = [
  '.localhost',
  '.local',
  '.localdomain',
  '.internal',
  '.intranet',
  '.private',
  '.corp',
  '.home',
  '.lan',
  '.home.arpa',
];

type Block = readonly [first: string, prefixLength: number, what: string];

/** Blocks that the IANA registry of special-purpose IPv4 addresses calls not globally reachable, and cloud metadata. */
const blocksV4: readonly Block[] = [
  ['0.0.0.0', 8, 'an unspecified address'],
  ['10.0.0.0', 8, 'a private address'],
  ['100.64.0.0', 10, 'a private address (shared address space)'],
  ['127.0.0.0', 8, 'a loopback address'],
  ['168.63.129.16', 32, 'a metadata address'],
  ['169.254.0.0', 16, 'a link-local or metadata address'],
  ['172.16.0.0', 12, 'a private address'],
  ['192.0.0.0', 24, 'a reserved address'],
  ['192.0.2.0', 24, 'a documentation address'],
  ['192.88.99.0', 24, 'a reserved address'],
  ['192.168.0.0', 16, 'a private address'],
  ['198.18.0.0', 15, 'a benchmarking address'],
  ['198.51.100.0', 24, 'a documentation address'],
  ['203.0.113.0', 24, 'a documentation address'],
  ['224.0.0.0', 4, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved or broadcast address'],
];

const blocksV6: readonly Block[] = [
  ['::', 128, 'an unspecified address'],
  ['::1', 128, 'a loopback address'],
  ['64:ff9b:1::', 48, 'a private address (local NAT64)'],
  ['fc00::', 7, 'a private address'],
  ['fe80::', 10, 'a link-local address'],
  ['fec0::', 10, 'a private address (site-local)'],
  ['ff00::', 8, 'a multicast address'],
  ['2001:db8::', 32, 'a documentation address'],
  ['3fff::', 20, 'a documentation address'],
  ['2001::', 23, 'a reserved address'],
];

/** Blocks whose addresses lead to the IPv4 address that begins at this byte. */
const carriersOfV4: readonly (readonly [first: string, prefixLength: number, at: number])[] = [
  ['::ffff:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['2002::', 16, 2],
];

function whyNotPublicV4(bytes: Uint8Array): string | null {
  return blocksV4.find(([first, length]) => inBlock(bytes, bytesOfV4(first), length))?.[2] ?? null;
}

function whyNotPublicV6(bytes: Uint8Array): string | null {
  const special = blocksV6.find(([first, length]) => inBlock(bytes, bytesOfV6(first), length));
  if (special !== undefined) return special[2];
  const carrier = carriersOfV4.find(([first, length]) => inBlock(bytes, bytesOfV6(first), length));
  if (carrier !== undefined) return whyNotPublicV4(bytes.subarray(carrier[2], carrier[2] + 4));
  // Only 2000::/3 was ever given out; the rest is reserved, whatever its meaning may become.
  return inBlock(bytes, bytesOfV6('2000::'), 3) ? null : 'a reserved address';
}

function inBlock(bytes: Uint8Array, first: Uint8Array, prefixLength: number): boolean {
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((first[index] ?? 0) & mask);
  });
}

function bytesOfV4(address: string): Uint8Array {
  return Uint8Array.from(address.split('.'), Number);
}

function bytesOfV6(address: string): Uint8Array {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const text = dotted ? `${dotted[1]}${wordsOfV4(dotted[2] ?? '')}` : address;
  const [before = '', after] = text.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const head = words(before);
  const tail = words(after ?? '');
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function wordsOfV4(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytesOfV4(address);
  return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
