import { describe, expect, test } from 'vitest';
import { whyNotPublic, whyNotPublicName } from '../../src/media/address.ts';
import { fc } from '../helpers/fast-check.ts';

const refused = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.7',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::2',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::8.8.8.8',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:a00:1::',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '',
  'localhost',
  '1.2.3',
  '127.1',
];

const allowed = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001:81b::200e',
  '2001:4860:4860::8888',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '2002:808:808::1',
];

describe('addresses that a probe never connects to', () => {
  test.each(refused)('%s', (address) => {
    expect(whyNotPublic(address)).toEqual(expect.any(String));
  });
});

describe('addresses that a probe connects to', () => {
  test.each(allowed)('%s', (address) => {
    expect(whyNotPublic(address)).toBeNull();
  });
});

test('an IPv4 address is judged alike in every form that leads to it', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      const plain = whyNotPublic(`${a}.${b}.${c}.${d}`);
      const high = ((a << 8) | b).toString(16);
      const low = ((c << 8) | d).toString(16);
      const forms = [
        `::ffff:${a}.${b}.${c}.${d}`,
        `::ffff:${high}:${low}`,
        `0:0:0:0:0:FFFF:${high}:${low}`,
        `64:ff9b::${high}:${low}`,
        `2002:${high}:${low}::1`,
      ];
      for (const form of forms) expect(whyNotPublic(form)).toBe(plain);
    }),
  );
});

test('names that only mean something inside a network are told from names that may be public', () => {
  const inside = [
    'localhost',
    'intranet',
    'db.internal',
    'metadata.google.internal.',
    'Printer.LOCAL',
    'a.home.arpa',
    'x.localhost',
  ];
  for (const name of inside) expect(whyNotPublicName(name), name).toEqual(expect.any(String));
  for (const name of ['example.com', 'cdn.localhost.example.com', 'internal.example.com.']) {
    expect(whyNotPublicName(name), name).toBeNull();
  }
});
