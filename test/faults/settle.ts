import { systemClock } from '../../src/core/clock.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { tasksByKey } from './audit.ts';
import type { BilledTask } from './program.ts';
import { doubtfulKeys, type Look, type Scene } from './scene.ts';

/** Settles every doubt as a person does who looks at the provider: there is a task, or there is none. */
export async function settleByBooks(scene: Scene, now: Look, billed: readonly BilledTask[]): Promise<number> {
  const doubts = doubtfulKeys(scene, now);
  if (doubts.size === 0) return 0;
  const tasks = tasksByKey(billed);
  const scope = { provider: 'loopback', project: scene.project };
  const ledger = await openLedger(scene.ledgerFile, { clock: systemClock });
  try {
    for (const entry of await ledger.read(scope)) {
      if (!doubts.has(entry.key)) continue;
      const taskId = tasks.get(entry.key)?.[0];
      const resolution =
        taskId === undefined ? { kind: 'notSubmitted' as const } : { kind: 'taskId' as const, taskId };
      await ledger.resolve(scope, entry, resolution, 'mika@studio');
    }
  } finally {
    await ledger.close();
  }
  return doubts.size;
}
