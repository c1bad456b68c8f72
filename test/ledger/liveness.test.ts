import { describe, expect, it } from 'vitest';
import { Liveness } from '../../src/ledger/life/liveness.ts';

describe('who lives', () => {
  it('promise 5: an answer that a run records just before its end is not taken for doubt', () => {
    let recorded = 'nothing';
    const liveness = new Liveness(() => {
      recorded = 'queued';
      return false;
    });
    const state = liveness.view((isLive) => {
      const snapshot = recorded;
      return isLive('run-1') || snapshot !== 'nothing' ? snapshot : 'inDoubt';
    });
    expect(state).toBe('queued');
  });

  it('asks for a live run once a look, and for a dead one once', () => {
    const asked: string[] = [];
    const liveness = new Liveness((id) => {
      asked.push(id);
      return id === 'live';
    });
    const look = () => liveness.view((isLive) => ['live', 'live', 'dead', 'dead'].map(isLive));
    expect(look()).toEqual([true, true, false, false]);
    expect(asked).toEqual(['live', 'dead', 'live']);
    look();
    expect(asked).toEqual(['live', 'dead', 'live', 'live']);
  });
});
