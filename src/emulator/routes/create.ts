import { underOwnNames } from '../../catalog/field-map.ts';
import { isJsonObject, type JsonObject } from '../../core/canonical-json.ts';
import { json } from '../answer.ts';
import { checkCreate } from '../checks.ts';
import { type Desk, unbilled } from '../desk.ts';
import { refusal } from '../envelope.ts';
import type { Exchange } from '../exchange.ts';
import { type FailureSpec, failureKind } from '../failures.ts';
import { inOwnWords } from '../own-ways.ts';
import { readBody } from '../read-body.ts';
import type { Task } from '../tasks.ts';

/** Makes a task, and bills it, for a call that passes every check. */
export async function create(desk: Desk, exchange: Exchange, createPath: string): Promise<void> {
  const { errors, catalog, tasks } = desk.options;
  exchange.failure = desk.failureBeforeBody(exchange);
  if (exchange.failure !== undefined) return exchange.finish({ kind: 'drop', how: 'reset' });
  const read = await readBody(exchange.request);
  if (read === 'incomplete') return exchange.finish({ kind: 'drop', how: 'close' });
  if (read === 'tooLarge') return exchange.finish(refusal(errors, 413, 'The request is too large'));

  const failure = desk.failureOf(exchange, read.text);
  if (failure !== undefined && !failure.billed) {
    exchange.failure = failure;
    return desk.answer(exchange, unbilled);
  }
  const body = parseBody(exchange.request.headers['content-type'], read.text);
  const problem = typeof body === 'string' ? body : checkCreate(body, createPath, catalog);
  if (typeof body === 'string' || problem !== null) {
    return desk.answer(exchange, { ...unbilled, ordinary: () => refusal(errors, 400, String(problem)) });
  }
  const previousId = tasks.last()?.id ?? null;
  const task = bill(desk, body, failure);
  exchange.task = task;
  exchange.failure = failure;
  const shown = (): JsonObject => inOwnWords(tasks.show(task), catalog);
  return desk.answer(exchange, { ordinary: () => json(200, shown()), shown, previousId });
}

function bill({ options }: Desk, body: JsonObject, failure: FailureSpec | undefined): Task {
  const kind = failure && failureKind(failure.kind);
  const model = options.catalog.get(String(body['model']));
  return options.tasks.bill({
    body,
    // The parameter checks have seen to its being a number.
    seconds: Number(underOwnNames(body, model?.fields)['duration']),
    idStyle: kind?.idStyle ?? 'video',
    fate: kind?.fate ?? 'completes',
    failure: failure?.text ?? null,
  });
}

/** The body as an object, or what is wrong with it. */
function parseBody(contentType: string | undefined, text: string): JsonObject | string {
  if (!/\bjson\b/i.test(contentType ?? '')) return 'Content type is not supported, application/json is';
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : 'The body must be a JSON object';
  } catch {
    return 'The body is not JSON';
  }
}
