import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { copyableLocation, holdsPassword } from '../../src/ledger/location.ts';
import { openLedger, parseLedgerLocation } from '../../src/ledger/open-ledger.ts';
import { parsePostgresUrl } from '../../src/ledger/postgres/target.ts';
import { followUpOf } from '../../src/project/follow-up.ts';
import { TestClock } from './samples.ts';

const cwd = path.resolve('/storyboards');
const secret = 'h0rse-battery';
const url = `postgres://mika:${secret}@127.0.0.1:1/studio?schema=neon&sslmode=disable`;

describe('where a team ledger is', () => {
  it.each(['postgres', 'postgresql', 'POSTGRES'])('may be written as %s://', (scheme) => {
    const location = parseLedgerLocation(`${scheme}://mika@db.example.com:6000/studio`, cwd);
    expect(String(location)).toBe('postgres://mika@db.example.com:6000/studio');
    expect(location.isShared).toBe(true);
  });

  it('is completed by the usual variables, which the URL outweighs', () => {
    const env = {
      PGHOST: 'db.example.com',
      PGPORT: '6000',
      PGUSER: 'mika',
      PGPASSWORD: secret,
      PGDATABASE: 'studio',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: 'studio.pem',
    };
    expect(parsePostgresUrl('postgres://', env)).toMatchObject({
      ...{ host: 'db.example.com', port: 6000, user: 'mika', password: secret, database: 'studio' },
      ...{ schema: 'shotlist', sslMode: 'verify-full', sslRootCert: 'studio.pem' },
    });
    const named = parsePostgresUrl('postgresql://lea:pass%40word@[::1]:7000/other?sslmode=require', env);
    expect(named).toMatchObject({
      ...{
        host: '::1',
        port: 7000,
        user: 'lea',
        password: 'pass@word',
        database: 'other',
        sslMode: 'require',
      },
    });
  });

  it.each([
    ['postgres://db/x?sslmode=maybe', /no sslmode/],
    ['postgres://db/x?schema=Neon%20Alley', /no schema/],
    ['postgres://db/x?schema=pg_catalog', /no schema/],
    [`postgres://db/x?password=${secret}`, /"password", which is not known/],
    ['postgres://db/x?port=99999', /no port/],
    [`postgres://mika:${secret}@db:port/x`, /cannot be read/],
  ])('refuses %s', (text, words) => {
    let refusal: unknown;
    try {
      parsePostgresUrl(text, {});
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(SetupError);
    expect((refusal as SetupError).message).toMatch(words);
    expect(inspect(refusal)).not.toContain(secret);
  });

  it('shows no password, whoever prints it', async () => {
    const location = parseLedgerLocation(url, cwd);
    const shown = 'postgres://mika@127.0.0.1:1/studio?schema=neon';
    expect([String(location), JSON.stringify(location), inspect(location)]).toEqual([
      shown,
      JSON.stringify(shown),
      shown,
    ]);
    const refusal = await openLedger(location, { clock: new TestClock() }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(inspect(refusal, { depth: 5, showHidden: true })).not.toContain(secret);
    expect(String(refusal)).toContain(shown);
  });

  it('is named in commands to copy without its password, and with its options', () => {
    expect(holdsPassword(url)).toBe(true);
    expect(copyableLocation(url)).toBe('postgres://mika@127.0.0.1:1/studio?schema=neon&sslmode=disable');
    expect(copyableLocation('ledgers/mika:1@home.db')).toBe('ledgers/mika:1@home.db');
    const command = followUpOf({ ledger: url }, 'storyboard.yaml')('run');
    expect(command).not.toContain(secret);
    expect(command).toContain('schema=neon');
  });

  it('keeps what stays on this machine apart from that of other ledgers', () => {
    const [one, other] = ['neon', 'tide'].map((schema) =>
      parseLedgerLocation(`postgres://db.example.com/studio?schema=${schema}`, cwd),
    );
    expect(one?.localName).not.toBe(other?.localName);
    expect(one?.localName?.startsWith(path.join(cwd, '.shotlist'))).toBe(true);
    const moved = one?.keptIn(path.join(cwd, 'boards', '.shotlist'));
    expect(moved?.localName?.startsWith(path.join(cwd, 'boards', '.shotlist'))).toBe(true);
    expect(String(moved)).toBe(String(one));
  });
});
