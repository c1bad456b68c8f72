import type { JsonObject } from '../../core/canonical-json.ts';
import { json } from '../answer.ts';
import { type Desk, textOf, unbilled } from '../desk.ts';
import { refusal } from '../envelope.ts';
import type { Exchange } from '../exchange.ts';
import { inOwnWords, queryPathOf } from '../own-ways.ts';

/** Tells how a task is. */
export async function query(desk: Desk, exchange: Exchange, queryPath: string, id: string): Promise<void> {
  const { catalog, errors, tasks } = desk.options;
  const task = tasks.get(id);
  if (task === undefined || queryPathOf(catalog.get(String(task.body['model']))) !== queryPath) {
    return desk.answer(exchange, {
      ...unbilled,
      ordinary: () => refusal(errors, 404, `Task ${id} does not exist`),
    });
  }
  task.polls += 1;
  exchange.task = task;
  exchange.failure = desk.failureOf(exchange, textOf(task));
  const shown = (): JsonObject => inOwnWords(tasks.show(task), catalog);
  return desk.answer(exchange, { ordinary: () => json(200, shown()), shown, previousId: null });
}
