import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../src/ledger/ledger.ts';
import type { Budget, Request } from '../../src/manifest/model.ts';
import { compare, isSame, type Revision } from '../../src/plan/compare.ts';
import type { Comparison } from '../../src/plan/comparison.ts';
import { plan } from '../../src/plan/plan.ts';
import { wordDiff } from '../../src/plan/word-diff.ts';
import { fc } from '../helpers/fast-check.ts';
import { entry, request } from '../helpers/requests.ts';

const prices = { videos: 7, videos_stable: 5 };

function revision(
  requests: readonly Request[],
  options: { budget?: Partial<Budget>; entries?: readonly LedgerEntry[]; project?: string } = {},
): Revision {
  const budget = { currency: 'CNY', prices, maxCost: null, maxRequests: null, ...options.budget };
  return {
    budget,
    plan: plan({
      project: options.project ?? 'neon',
      manifest: 'board.yaml',
      requests,
      entries: options.entries ?? [],
      prices: budget.prices,
      currency: budget.currency,
    }),
  };
}

function compared(before: Revision | null, after: Revision): Comparison {
  return compare({ before, after, against: 'main' });
}

/** The same request under another key, as a rename makes it. */
function renamed(from: Request, key: string): Request {
  return request(key, { body: from.body, fingerprint: from.fingerprint });
}

const [one, two, three] = ['sc1/sh1', 'sc1/sh2', 'sc1/sh3'].map((key) => request(key)) as [
  Request,
  Request,
  Request,
];

describe('comparing two revisions', () => {
  it('finds nothing between a manifest and itself', () => {
    const result = compared(revision([one, two]), revision([one, two]));
    expect(isSame(result)).toBe(true);
    expect(result.summary).toMatchObject({ unchanged: 2, difference: 0 });
  });

  it('tells what was added, changed and removed, in the order of the manifest', () => {
    const edited = request('sc1/sh2', { body: { prompt: 'prompt of another', duration: 8 } });
    const { changes, summary } = compared(revision([one, two]), revision([three, edited]));
    expect(changes.map(({ change, key }) => [change, key])).toEqual([
      ['added', 'sc1/sh3'],
      ['changed', 'sc1/sh2'],
      ['removed', 'sc1/sh1'],
    ]);
    expect(changes[1]?.parameters.map(({ name, before, after }) => [name, before, after])).toEqual([
      ['prompt', 'prompt of sc1/sh2', 'prompt of another'],
      ['duration', 5, 8],
    ]);
    expect(summary).toMatchObject({ added: 1, changed: 1, removed: 1, renamed: 0, unchanged: 0 });
  });

  it('counts what a run would charge now beyond what it would have charged', () => {
    const cheaper = request('sc1/sh2', { model: 'videos_stable', body: { model: 'videos_stable' } });
    const { summary } = compared(revision([one, two]), revision([one, cheaper, three]));
    expect(summary).toMatchObject({ before: { cost: 14 }, after: { cost: 19 }, difference: 5 });
  });

  it('counts an edit of what was paid in full, and its removal as nothing saved', () => {
    const entries = [entry(one), entry(two)];
    const edited = request('sc1/sh1', { body: { prompt: 'another' } });
    const before = revision([one, two], { entries });
    expect(compared(before, revision([edited, two], { entries })).summary.difference).toBe(7);
    expect(compared(before, revision([one], { entries })).summary.difference).toBe(0);
  });

  it('counts other prices of what did not change', () => {
    const { summary, terms, changes } = compared(
      revision([one, two]),
      revision([one, two], { budget: { prices: { videos: 8 }, maxCost: 100 } }),
    );
    expect(changes).toEqual([]);
    expect(summary.difference).toBe(2);
    expect(terms).toEqual([
      { name: 'budget.prices.videos', before: 7, after: 8 },
      { name: 'budget.maxCost', before: null, after: 100 },
      { name: 'budget.prices.videos_stable', before: 5, after: null },
    ]);
  });

  it('gives no difference between two currencies', () => {
    const dollars = revision([one, two], { budget: { currency: 'USD' } });
    expect(compared(revision([one]), dollars).summary.difference).toBeNull();
  });

  it('calls everything added where there was no manifest', () => {
    const result = compared(null, revision([one, two]));
    expect(result.isNew).toBe(true);
    expect(result.terms).toEqual([]);
    expect(result.summary).toMatchObject({ added: 2, difference: 14 });
  });

  it('does not count what signing a URL again did to it', () => {
    const signed = (seal: string): string =>
      `https://cdn.example.com/a.png?X-Amz-Signature=${seal}&X-Amz-Date=20260101T000000Z`;
    const before = request('sh1', { body: { first_image: signed('one'), duration: 5 } });
    const after = request('sh1', { body: { first_image: signed('two'), duration: 6 } });
    const [change] = compared(revision([before]), revision([after])).changes;
    expect(change?.parameters.map(({ name }) => name)).toEqual(['duration']);
    expect(JSON.stringify(change)).not.toContain('Signature');
  });
});

describe('a renamed request', () => {
  it('is told with the call that keeps it from being paid again', () => {
    const { changes, adopt, summary } = compared(
      revision([one, two]),
      revision([renamed(one, 'sc1/sh9'), two]),
    );
    expect(changes).toMatchObject([{ change: 'renamed', key: 'sc1/sh9', from: 'sc1/sh1' }]);
    expect(adopt).toEqual([{ from: 'sc1/sh1', to: 'sc1/sh9' }]);
    expect(summary).toMatchObject({ renamed: 1, added: 0, removed: 0, difference: 0 });
  });

  it('takes a scene that moved whole as one call', () => {
    const moved = [one, two, three].map((each) => renamed(each, each.key.replace('sc1', 'sc2')));
    expect(compared(revision([one, two, three]), revision(moved)).adopt).toEqual([
      { from: 'sc1/', to: 'sc2/' },
    ]);
  });

  it('names the shots where the scene is still there', () => {
    const moved = [renamed(one, 'sc2/sh1'), renamed(two, 'sc2/sh2'), three];
    expect(compared(revision([one, two, three]), revision(moved)).adopt).toEqual([
      { from: 'sc1/sh1', to: 'sc2/sh1' },
      { from: 'sc1/sh2', to: 'sc2/sh2' },
    ]);
  });

  it('takes the takes and variants of a shot along', () => {
    const old = ['sh1:tall', 'sh1:tall@2', 'sh1:wide'].map((key) => request(key));
    const moved = old.map((each) => renamed(each, each.key.replace('sh1', 'sh9')));
    expect(compared(revision(old), revision(moved)).adopt).toEqual([{ from: 'sh1', to: 'sh9' }]);
  });

  it('names the variant where its shot is still there', () => {
    const old = ['sh1:tall', 'sh1:tall@2', 'sh1:wide'].map((key) => request(key));
    const moved = old.map((each) => renamed(each, each.key.replace('tall', 'high')));
    expect(compared(revision(old), revision(moved)).adopt).toEqual([{ from: 'sh1:tall', to: 'sh1:high' }]);
  });

  it('is the same shot of another scene rather than another shot with the same body', () => {
    const twin = request('sc1/sh2', { body: one.body, fingerprint: one.fingerprint });
    const moved = [renamed(twin, 'sc2/sh2'), renamed(one, 'sc2/sh1')];
    const { changes } = compared(revision([one, twin]), revision(moved));
    expect(changes.map(({ from, key }) => [from, key])).toEqual([
      ['sc1/sh2', 'sc2/sh2'],
      ['sc1/sh1', 'sc2/sh1'],
    ]);
  });

  it('is told of a project too', () => {
    const result = compared(revision([one]), revision([one], { project: 'neon-2' }));
    expect(result.renamedProject).toEqual({ from: 'neon', to: 'neon-2' });
    expect(isSame(result)).toBe(false);
  });

  it('never takes part in two renamings, and every request is counted once', () => {
    const bodies = fc.integer({ min: 0, max: 3 });
    const board = fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 }), bodies), {
        selector: ([scene, shot]) => `${scene}${shot}`,
      })
      .map((shots) =>
        shots.map(([scene, shot, body]) =>
          request(`${scene}/s${shot}`, { body: { prompt: `${body}` }, fingerprint: `sha256:${body}` }),
        ),
      );
    fc.assert(
      fc.property(board, board, (old, fresh) => {
        const { changes, summary, adopt } = compared(revision(old), revision(fresh));
        const from = changes.flatMap((change) => change.from ?? []);
        expect(new Set(from).size).toBe(from.length);
        expect(summary.added + summary.changed + summary.renamed + summary.unchanged).toBe(fresh.length);
        expect(summary.removed + summary.changed + summary.renamed + summary.unchanged).toBe(old.length);
        // Said one after the other, the calls lead every renamed request to its new name.
        for (const { key, from: was } of changes) {
          if (was === null) continue;
          const call = adopt.find(
            ({ from: name }) => was === name || (name.endsWith('/') && was.startsWith(name)),
          );
          expect(call && was.replace(call.from, call.to)).toBe(key);
        }
      }),
    );
  });
});

describe('a word diff', () => {
  it('shows the words that changed', () => {
    expect(wordDiff('Neon skyline at night', 'Neon harbour at dawn')).toEqual([
      { op: 'same', text: 'Neon ' },
      { op: 'removed', text: 'skyline' },
      { op: 'added', text: 'harbour' },
      { op: 'same', text: ' at ' },
      { op: 'removed', text: 'night' },
      { op: 'added', text: 'dawn' },
    ]);
  });

  it('knows the words of Chinese, which has no spaces', () => {
    expect(wordDiff('雨夜，一块缺了笔画的霓虹招牌', '雨夜，一块完整的霓虹招牌')).toEqual([
      { op: 'same', text: '雨夜，一块' },
      { op: 'removed', text: '缺了笔画' },
      { op: 'added', text: '完整' },
      { op: 'same', text: '的霓虹招牌' },
    ]);
  });

  it('holds both texts whole, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('neon', ' ', '\n', '雨夜', 'é', '👩‍🚀', ',', 'rain'))
      .map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = wordDiff(before, after);
        const without = (op: string): string =>
          changes.flatMap((change) => (change.op === op ? [] : change.text)).join('');
        expect(without('added')).toBe(before);
        expect(without('removed')).toBe(after);
      }),
    );
  });

  it('gives up on texts that have nothing in common rather than take for ever', () => {
    const long = (word: string): string => Array.from({ length: 20_000 }, (_, n) => `${word}${n}`).join(' ');
    expect(wordDiff(long('a'), long('b'))).toHaveLength(2);
  });
});
