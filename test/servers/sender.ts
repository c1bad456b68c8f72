import { appendFileSync } from 'node:fs';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Plan } from '../../src/plan/model.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { run } from '../../src/run/run.ts';
import { requests, scope } from '../ledger/samples.ts';

/**
 * A run of its own process: sends requests to a provider that notes each in a file before it answers. Arguments: the ledger,
 * the file, how many requests, how many at once, how long an answer takes in milliseconds.
 */
const [url = '', file = '', total = '0', places = '1', answerMs = '20'] = process.argv.slice(2);

const provider: Provider = {
  scope: scope.provider,
  async create(body, { mayBegin = () => true } = {}) {
    if (!mayBegin()) return { kind: 'notSent', code: 'claimLapsed', error: 'the claim lapsed' };
    const taskId = `video_${process.pid}_${performance.now()}`;
    appendFileSync(file, `${JSON.stringify({ prompt: body['prompt'], taskId })}\n`);
    await new Promise((resolve) => setTimeout(resolve, Number(answerMs)));
    return { kind: 'accepted', taskId, status: 'queued', error: null };
  },
  query: async () => ({ kind: 'notFound', code: '404', error: 'not asked here' }),
  close: async () => {},
};

const ledger = await openLedger(url);
const entries = await ledger.read(scope);
const planned = requests(Number(total)).map((request) => {
  const entry = entries.find(({ key }) => key === request.key);
  const seen = { state: entry?.state ?? ('pending' as const), attempts: entry?.attempts ?? 0 };
  return { ...request, seen, cost: 7, action: 'submit' as const };
});
const plan = {
  requests: planned.filter(({ seen }) => seen.state === 'pending'),
  summary: { currency: 'CNY' },
} as unknown as Plan;
process.stdout.write('ready\n');
try {
  const result = await run({
    ...{ plan, scope, ledger, provider, concurrency: Number(places), by: 'test@studio' },
    limits: { maxCost: null, maxRequests: null },
    onEvent: (event) => {
      if (event.type === 'sending' || event.type === 'unrecorded') process.stdout.write(`${event.type}\n`);
    },
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stdout.write(
    `${JSON.stringify({ failed: error instanceof Error ? error.message : String(error) })}\n`,
  );
}
await ledger.close();
