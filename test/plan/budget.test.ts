import { describe, expect, it } from 'vitest';
import { BudgetError, type LedgerEntry } from '../../src/ledger/ledger.ts';
import { checkBudget, type RunLimits } from '../../src/plan/budget.ts';
import { plan } from '../../src/plan/plan.ts';
import { entry, request } from '../helpers/requests.ts';

const none = { maxCost: null, maxRequests: null };

function check(
  limits: { budget?: Partial<RunLimits>; flags?: Partial<RunLimits> },
  entries: readonly LedgerEntry[] = [],
) {
  const requests = ['a', 'b', 'c'].map((key) => request(key));
  const planned = plan({
    project: 'p',
    manifest: 'm',
    requests,
    entries,
    prices: { videos: 7 },
    currency: 'CNY',
  });
  const budget = { currency: 'CNY', prices: { videos: 7 }, ...none, ...limits.budget };
  return () => checkBudget(planned, entries, budget, { ...none, ...limits.flags });
}

describe('checkBudget', () => {
  it('promise 7: allows what equals a limit', () => {
    expect(
      check({ budget: { maxCost: 21, maxRequests: 3 }, flags: { maxCost: 21, maxRequests: 3 } }),
    ).not.toThrow();
  });

  it.each([
    [{ flags: { maxRequests: 2 } }, /--max-requests allows 2/],
    [{ flags: { maxCost: 20.99 } }, /costs 21 CNY, and --max-cost allows 20.99 CNY/],
    [{ budget: { maxRequests: 2 } }, /budget.maxRequests allows 2/],
    [{ budget: { maxCost: 20 } }, /budget.maxCost allows 20 CNY/],
  ])('promise 7: stops a plan over a limit and names the number: %j', (limits, message) => {
    expect(check(limits)).toThrow(BudgetError);
    expect(check(limits)).toThrow(message);
  });

  it('counts what the project has spent, failed and in doubt included', () => {
    const spent = [
      entry(request('x'), { state: 'failed', cost: 7 }),
      entry(request('y'), { state: 'inDoubt', cost: 14, billed: 2 }),
    ];
    expect(check({ budget: { maxCost: 42, maxRequests: 6 } }, spent)).not.toThrow();
    expect(check({ budget: { maxCost: 41 } }, spent)).toThrow(
      /has spent 21 CNY and this plan adds 21 CNY: 42 CNY/,
    );
    expect(check({ budget: { maxRequests: 5 } }, spent)).toThrow(
      /has spent 3 requests and this plan adds 3: 6/,
    );
  });

  it('names every limit that is crossed, once', () => {
    const limits = { budget: { maxCost: 20, maxRequests: 2 }, flags: { maxRequests: 1 } };
    expect(check(limits)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^this plan sends 3 requests, and --max-requests allows 1; and .*budget.maxRequests allows 2; and .*budget.maxCost allows 20 CNY$/,
        ),
        help: expect.stringMatching(
          /^raise --max-requests and budget.maxRequests in the manifest and budget.maxCost in the manifest, or send less/,
        ),
      }),
    );
  });

  it('is not lifted by a flag that allows more', () => {
    expect(check({ budget: { maxCost: 20 }, flags: { maxCost: 1000 } })).toThrow(/budget.maxCost/);
  });
});
