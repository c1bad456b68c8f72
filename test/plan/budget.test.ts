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
    [{ budget: { maxRequests: 2 } }, /3 requests, over budget.maxRequests of 2 requests/],
    [{ budget: { maxCost: 20 } }, /21 CNY, over budget.maxCost of 20 CNY/],
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
      /to 42 CNY, over budget.maxCost of 41 CNY: 21 CNY spent, 21 CNY in this plan/,
    );
    expect(check({ budget: { maxRequests: 5 } }, spent)).toThrow(
      /to 6 requests, over budget.maxRequests of 5 requests: 3 requests spent, 3 requests in this plan/,
    );
  });

  it('counts what was sent without a known price at the price of today, as the ledger does', () => {
    const unpriced = [entry(request('x'), { cost: null, currency: null })];
    expect(check({ budget: { maxCost: 28 } }, unpriced)).not.toThrow();
    expect(check({ budget: { maxCost: 27 } }, unpriced)).toThrow(/7 CNY spent, 21 CNY in this plan/);
    const gone = [entry(request('x', { body: { model: 'gone' } }), { cost: null })];
    expect(check({ budget: { maxCost: 1000 } }, gone)).toThrow(/gone has no price/);
    expect(check({ budget: { maxCost: 1000 } }, [entry(request('x'), { currency: 'USD' })])).toThrow(
      /in CNY, and this project has paid in USD/,
    );
  });

  it('names every limit that is crossed, once', () => {
    const limits = { budget: { maxCost: 20, maxRequests: 2 }, flags: { maxRequests: 1 } };
    expect(check(limits)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^this plan sends 3 requests, and --max-requests allows 1; and .*over budget.maxRequests of 2 requests.*; and .*over budget.maxCost of 20 CNY[^;]*$/,
        ),
        help: expect.stringMatching(
          /^raise --max-requests.*\nRaise budget.maxRequests.*\nRaise budget.maxCost/,
        ),
      }),
    );
  });

  it('is not lifted by a flag that allows more', () => {
    expect(check({ budget: { maxCost: 20 }, flags: { maxCost: 1000 } })).toThrow(/budget.maxCost/);
  });
});
