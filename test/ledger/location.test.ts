import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { ledgerBeside, ledgerExists, openLedger, parseLedgerLocation } from '../../src/ledger/open-ledger.ts';
import { TestClock } from './samples.ts';

const cwd = path.resolve('/storyboards');

describe('where a ledger is', () => {
  it('is a path, seen from where the command was called', () => {
    const location = parseLedgerLocation('shared/ledger.db', cwd);
    expect(String(location)).toBe(path.join(cwd, 'shared/ledger.db'));
    expect(location.shownFrom(cwd)).toBe(path.join('shared', 'ledger.db'));
    expect(location.equals(parseLedgerLocation('./shared/ledger.db', cwd))).toBe(true);
    expect(ledgerBeside(cwd).equals(parseLedgerLocation('.shotlist/ledger.db', cwd))).toBe(true);
  });

  it('may be written as a file URL', () => {
    const location = parseLedgerLocation(`file://${cwd}/my%20ledger.db`, cwd);
    expect(String(location)).toBe(path.join(cwd, 'my ledger.db'));
  });

  it('is part of what must not be written over', () => {
    const location = ledgerBeside(cwd);
    expect(location.isPartOf(path.join(cwd, '.shotlist/ledger.db'))).toBe(true);
    expect(location.isPartOf(path.join(cwd, '.shotlist/ledger.db-wal'))).toBe(true);
    expect(location.isPartOf(path.join(cwd, 'storyboard.yaml'))).toBe(false);
  });

  const secret = 'h0rse@battery';
  const urls = [
    `mysql://mika:${secret}@db.example.com/studio`,
    `ftp://mika:${secret}@db.example.com:9/x?password=${secret}#${secret}`,
    `redis://:${secret}@db.example.com`,
  ];
  it.each(urls)('refuses %s, of which no backend knows, without its password', async (url) => {
    const refusal = await openLedger(url, { clock: new TestClock() }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(SetupError);
    const said = `${inspect(refusal)} ${(refusal as SetupError).help}`;
    expect(said).toContain('db.example.com');
    expect(said).toContain('SHOTLIST_LEDGER');
    expect(said).not.toContain('battery');
    expect(said).not.toContain('h0rse');
  });

  it('prints as people know it, whoever prints it', () => {
    const location = ledgerBeside(cwd);
    const shown = path.join(cwd, '.shotlist', 'ledger.db');
    expect([String(location), inspect(location), JSON.stringify(location)]).toEqual([
      shown,
      shown,
      JSON.stringify(shown),
    ]);
  });

  it('can lead to a ledger that goes with the process', async () => {
    const location = parseLedgerLocation(':memory:', cwd);
    expect(await ledgerExists(location)).toBe(false);
    const ledger = await openLedger(location, { clock: new TestClock() });
    expect(await ledger.verify(() => '')).toEqual([]);
    await ledger.close();
  });
});
