import type { Catalog, Model } from '../../catalog/catalog.ts';
import { StoppedError, UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { CommandCall } from '../command.ts';
import type { InitCall } from './signature.ts';
import type { StarterAnswers } from './starter.ts';

/** One thing that a storyboard is begun with: its flag, its question, and what is taken for an answer. */
interface Question<T> {
  readonly option: (typeof questionNames)[number];
  readonly ask: string;
  readonly otherwise: string;
  /** @throws UsageError for what is no answer. */
  readonly check: (text: string) => T;
}

/**
 * Finds out how a storyboard begins. Asks on a terminal, unless a flag says anything: then all else is as proposed.
 *
 * @param proposed the project's name, where nobody says another one
 * @throws UsageError for a flag with a value that is none.
 * @throws StoppedError when the input ends at a question.
 */
export async function starterAnswers(
  call: InitCall,
  catalog: Catalog,
  { proposed, mayAsk }: { readonly proposed: string; readonly mayAsk: boolean },
): Promise<StarterAnswers> {
  const { store: bucket, yes } = call.options;
  const given = questionNames.some((name) => call.options[name] !== undefined) || bucket !== undefined || yes;
  const ask = call.io.stdin.isTTY && mayAsk && !given;
  if (ask)
    call.io.stderr.write('Enter takes what is in brackets; Ctrl-C leaves, and nothing is written.\n\n');
  const answer = async <T>(question: Question<T>): Promise<T> => {
    const flag = call.options[question.option];
    if (flag !== undefined) return checkFlag(question, flag);
    return ask ? askUntilRight(call, question) : question.check(question.otherwise);
  };

  const project = await answer({
    option: 'project',
    ask: 'Project, the name under which payments are remembered',
    otherwise: proposed,
    check: projectName,
  });
  const title = await answer({
    option: 'title',
    ask: 'Title',
    otherwise: titleOf(project),
    check: (text) => text,
  });
  const first = catalog.keys().next().value ?? '';
  const model = await answer({
    option: 'model',
    ask: `Model (${[...catalog.keys()].join(', ')})`,
    otherwise: catalog.has('videos_stable') ? 'videos_stable' : first,
    check: (text) => knownModel(catalog, text),
  });
  const ratio = await answer({
    option: 'ratio',
    ask: `Ratio (${model.ratio.values.join(', ')})`,
    otherwise: model.ratio.default,
    check: (text) => oneOf('ratio', text, model.ratio.values),
  });
  const price = await answer({
    option: 'price',
    ask: `Price of one request of ${model.id}, such as 5; empty where you do not know it`,
    otherwise: '',
    check: priceOrNone,
  });
  const currency =
    price === null && call.options.currency === undefined
      ? 'CNY'
      : await answer({ option: 'currency', ask: 'Currency', otherwise: 'CNY', check: currencyCode });
  const store = bucket === undefined ? null : storeName(bucket);
  return { project, title, model: model.id, ratio, price, currency, store };
}

const questionNames = ['project', 'title', 'model', 'ratio', 'price', 'currency'] as const;

async function askUntilRight<T>({ io }: CommandCall, { ask, otherwise, check }: Question<T>): Promise<T> {
  const proposal = otherwise === '' ? '' : ` [${otherwise}]`;
  for (;;) {
    const line = await io.stdin.ask(`${ask}${proposal}: `);
    if (line === null) {
      // Ctrl-D leaves the cursor behind the question.
      io.stderr.write('\n');
      throw new StoppedError('the questions were not answered, and nothing was written');
    }
    try {
      return check(line.trim() === '' ? otherwise : line.trim());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      io.stderr.write(`  ${error.message}${error.help === undefined ? '' : `; ${error.help}`}\n`);
    }
  }
}

/** A project's name made of any folder's. */
export function projectFrom(folderName: string): string {
  const name = folderName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? 'storyboard' : name;
}

function projectName(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(text)) return text;
  throw new UsageError(`'${text}' is no project name: lower-case letters, digits, _ and -, at most 64`, {
    help: `for example ${projectFrom(text)}`,
  });
}

function titleOf(project: string): string {
  const words = project.replace(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function knownModel(catalog: Catalog, text: string): Model {
  const model = catalog.get(oneOf('model', text, [...catalog.keys()]));
  if (model === undefined) throw new UsageError(`there is no model '${text}'`);
  return model;
}

function checkFlag<T>({ option, check }: Question<T>, text: string): T {
  try {
    return check(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--${option}: ${error.message}`, { help: error.help });
  }
}

function oneOf(what: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw new UsageError(`'${text}' is no ${what}`, {
    help: didYouMean(text, known, `choose one of ${known.join(', ')}`),
  });
}

function priceOrNone(text: string): number | null {
  if (text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is not a price such as 5 or 12.50`);
}

/** As the schema has it. */
function storeName(text: string): string {
  if (/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](\/[A-Za-z0-9!_.*'()-]+)*\/?$/.test(text)) return text;
  throw new UsageError(`--store: '${text}' is no bucket, and no bucket and prefix`, {
    help: 'for example studio-plates/neon-alley',
  });
}

function currencyCode(text: string): string {
  if (/^[A-Za-z]{3}$/.test(text)) return text.toUpperCase();
  throw new UsageError(`'${text}' is no currency code such as CNY or EUR`);
}
