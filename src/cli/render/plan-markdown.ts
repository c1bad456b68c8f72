import { costByModel } from '../../plan/cost.ts';
import type { Plan, PlannedRequest } from '../../plan/model.ts';
import { code, commentMarker, details, fitting, longest, table, tableHead, tableRow } from './markdown.ts';
import { filesText, price, uploadText } from './plan.ts';
import { count, money, number } from './text.ts';

/** A plan as a comment: the cost in one table, the requests folded. The same plan gives the same text. */
export function planMarkdown(plan: Plan): string {
  const { manifest, requests, summary } = plan;
  const { currency, submit, skip, blocked, upload } = summary;
  const models = costByModel(requests).map((model) => [
    code(model.model),
    number(model.requests),
    model.price === null ? 'no price' : money(model.price, currency),
    model.cost === null ? 'no price' : money(model.cost, currency),
  ]);
  const total = submit === 0 ? 'nothing to submit' : `${count(submit, 'request')} to submit ${price(plan)}`;
  const blocks = [
    commentMarker(manifest),
    `**${code(manifest)}: ${total}**; ${number(skip)} to skip, ${number(blocked)} blocked.`,
    upload === undefined || upload.files === 0 ? '' : `${uploadText(upload)} to upload first.`,
    models.length === 0 ? '' : table(['model', 'requests', 'price', 'cost'], models),
    folded('Requests to submit', plan, 'submit', longest / 2),
    folded('Blocked requests', plan, 'blocked', longest / 5),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** @param limit in characters */
function folded(
  title: string,
  { requests, summary }: Plan,
  action: PlannedRequest['action'],
  limit: number,
): string {
  const rows = requests
    .filter((request) => request.action === action)
    .map(({ key, reason, changed, changedFiles, model, mode, cost }) =>
      tableRow([
        code(key),
        changed.length === 0 ? reason : `${reason}: ${changed.join(', ')}${filesText(changedFiles)}`,
        code(model),
        mode,
        cost === null ? 'no price' : money(cost, summary.currency),
      ]),
    );
  if (rows.length === 0) return '';
  const { pieces, rest } = fitting(rows, limit);
  const more = rest > 0 ? [tableRow(['…', `${number(rest)} more`, '', '', ''])] : [];
  return details(
    title,
    [tableHead(['request', 'why', 'model', 'mode', 'cost']), ...pieces, ...more].join('\n'),
  );
}
