import { clipPath } from '../clip-service.ts';
import { type Desk, textOf, unbilled } from '../desk.ts';
import type { Exchange } from '../exchange.ts';
import { failureKind } from '../failures.ts';

/** Hands out a clip, or a part of it. */
export async function clip(desk: Desk, exchange: Exchange): Promise<void> {
  const { tasks, clips } = desk.options;
  const { headers } = exchange.request;
  const task = tasks.get(exchange.path.slice(clipPath.length).replace(/\.mp4$/, ''));
  exchange.task = task;
  if (task === undefined) return exchange.finish(clips.unknown());
  const refused = clips.refuse(task, exchange.query, headers);
  if (refused !== null) return exchange.finish(refused);
  task.downloads += 1;
  exchange.failure = desk.failureOf(exchange, textOf(task));
  const quirk = exchange.failure && failureKind(exchange.failure.kind)?.clipQuirk;
  return desk.answer(exchange, { ...unbilled, ordinary: () => clips.load(task, headers, quirk) });
}
