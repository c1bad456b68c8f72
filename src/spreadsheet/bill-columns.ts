import { isJsonObject } from '../core/canonical-json.ts';
import { didYouMean } from '../core/suggest.ts';
import { locate } from '../manifest/locate.ts';
import { readSource } from '../manifest/source.ts';
import { headerForm } from './aliases.ts';
import { type Mapping, noMapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';

/** Columns that a bill, or an export of a console, can have. */
export const billTargets = ['taskId', 'time', 'model', 'prompt', 'status', 'amount'] as const;
export type BillTarget = (typeof billTargets)[number];

/** Headings that are known, in the form that `headerForm` gives, the surest first. English and Chinese. */
const headings: Readonly<Record<BillTarget, string>> = {
  taskId:
    'taskid taskno tasknumber videoid jobid generationid 任务id 任务编号 任务号 视频id 生成id 作业id task job 任务 id 编号 orderid 订单号 流水号 resourceid requestid 请求id',
  time:
    'createdat created createtime createdtime creationtime submittedat submittime submittedtime calltime requesttime starttime timestamp datetime time date ' +
    '创建时间 提交时间 调用时间 请求时间 消费时间 扣费时间 计费时间 交易时间 下单时间 生成时间 开始时间 时间 日期',
  model:
    'model modelname modelid modelcode 模型 模型名称 模型id product productname service sku 产品 产品名称 计费项 服务',
  prompt: 'prompt prompttext input inputtext 提示词 输入 输入内容 文本 text description 描述 内容',
  status: 'status taskstatus state result 状态 任务状态 结果 transactiontype type 交易类型 类型 收支类型',
  amount:
    'amount cost price fee charge charged billed total credits 金额 费用 消费金额 扣费金额 实付金额 应付金额 消费 扣费 价格 花费 点数 积分 扣点 扣减',
};

/** The meaning of a bill's columns, as a person states it in a file. */
export interface BillMapping {
  /** By the form of the heading; `ignore` leaves a column out. */
  readonly columns: ReadonlyMap<string, BillTarget | 'ignore'>;
  readonly sheet: string | null;
}

export const noBillMapping: BillMapping = { columns: new Map(), sheet: null };

/** The mapping by which the row of a bill that names its columns is found: the first with two headings that are known. */
export function headingsOf({ columns, sheet }: BillMapping): Mapping {
  const forms = [...columns.keys(), ...Object.values(headings).flatMap((names) => names.split(' '))];
  return {
    ...noMapping,
    sheet,
    // The reader of tables looks for a row that names shots; in a bill, what names a call stands for that.
    columns: new Map(forms.map((form) => [form, { header: form, target: 'shot', line: null }])),
  };
}

/** The column of each target, by its index; where several could be it, the one with the surest name, then the first. */
export function billColumns(
  header: readonly string[],
  { columns }: BillMapping,
): ReadonlyMap<BillTarget, number> {
  const forms = header.map(billForm);
  const said = header.map((name) => columns.get(headerForm(name)) ?? columns.get(billForm(name)));
  const taken = new Set(said.flatMap((target, index) => (target === undefined ? [] : [index])));
  const found = new Map<BillTarget, number>();
  for (const target of billTargets) {
    const mapped = said.indexOf(target);
    if (mapped !== -1) {
      found.set(target, mapped);
      continue;
    }
    for (const name of headings[target].split(' ')) {
      const index = forms.findIndex((form, at) => form === name && !taken.has(at));
      if (index === -1) continue;
      found.set(target, index);
      taken.add(index);
      break;
    }
  }
  return found;
}

/** A heading without what stands in parentheses: a currency, a zone. */
function billForm(header: string): string {
  const plain = headerForm(header.replace(/[(（[].*?[)）\]]/g, ''));
  return plain === '' ? headerForm(header) : plain;
}

/**
 * Reads a file that says what the columns of a bill mean, written as for `import`: `columns: { Heading: taskId }`.
 *
 * @throws TableError for what is wrong in it, all places at once.
 */
export async function readBillMapping(file: string, absolutePath: string): Promise<BillMapping> {
  const { source, value, findings, unreadable } = await readSource({ file, absolutePath });
  if (unreadable !== null) {
    throw new TableError([{ subject: file, message: unreadable.message, help: unreadable.help }]);
  }
  const lineOf = (path: readonly (string | number)[]): number =>
    locate({ rule: 'mapping', severity: 'error', message: '', origin: { source, path }, mark: 'key' }).line;
  const problems: TableProblem[] = findings.map((finding) => {
    const { message, help, line } = locate(finding);
    return { subject: `${file}, line ${line}:`, message, help: help ?? '' };
  });
  const map = isJsonObject(value) ? value : {};
  const said = isJsonObject(map['columns']) ? map['columns'] : {};
  if (problems.length === 0 && Object.keys(said).length === 0) {
    problems.push({
      subject: file,
      message: 'says nothing of columns',
      help: `Write \`columns:\` with lines as \`Heading: taskId\`; a column is one of ${billTargets.join(', ')}, ignore`,
    });
  }
  const columns = new Map<string, BillTarget | 'ignore'>();
  const known: readonly string[] = [...billTargets, 'ignore'];
  for (const [heading, target] of Object.entries(said)) {
    const meant = [...billTargets, 'ignore' as const].find((each) => each === target);
    if (meant !== undefined) columns.set(headerForm(heading), meant);
    else {
      problems.push({
        subject: `${file}, line ${lineOf(['columns', heading])}:`,
        message: `\`${String(target)}\` is nothing that a column of a bill says`,
        help: didYouMean(String(target), known, `It can be one of ${known.join(', ')}`),
      });
    }
  }
  if (problems.length > 0) throw new TableError(problems);
  return { columns, sheet: typeof map['sheet'] === 'string' ? map['sheet'] : null };
}
