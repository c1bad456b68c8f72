import { UsageError } from '../../core/errors.ts';
import { unknownKey } from '../../project/planning.ts';
import { readEntries, readProject } from '../../project/project.ts';
import { type CommandCall, type CommandDefinition, firstArgument, wordsAt } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, formatOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';

export const historyCommand: CommandDefinition = {
  name: 'history',
  summary: "show a request's life",
  description:
    'Everything that ever happened to a key: when it was sent, by whom and at what price, what came back, what people decided, and under which names it went. Nothing of it is ever rewritten. Uses no network.',
  arguments: [
    { name: '<manifest>', summary: 'the manifest; - reads standard input' },
    { name: '<key>', summary: 'the request, under the name that it has or had' },
  ],
  options: [formatOption, ledgerOption, ...journalOptions, baseUrlOption, modelsOption],
  examples: [
    { command: 'shotlist history storyboard.yaml sc010/sh0030@2', summary: 'the second take of a shot' },
  ],
  execute,
};

async function execute(call: CommandCall): Promise<ExitCode> {
  const { io, options } = call;
  const [key] = wordsAt(call, 1);
  if (key === undefined) throw new UsageError('which request?', { help: 'name its key' });
  const project = await readProject(call, firstArgument(call), { tolerant: true });
  const { openLedgerForReading } = await import('../../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: io.clock });
  const events = await ledger.history(project.scope, key).finally(() => ledger.close());
  const keys = project.linted.requests.map((request) => request.key);
  if (events.length === 0 && !keys.includes(key)) {
    const known = (await readEntries(call, project)).map((entry) => entry.key);
    throw unknownKey('history', key, [...keys, ...known]);
  }
  if (options['format'] === 'json') {
    const history = { version: 1, project: project.scope.project, key, events };
    io.stdout.write(`${JSON.stringify(history, null, 2)}\n`);
  } else {
    const { renderHistory } = await import('../render/history.ts');
    const { fitLines } = await import('../render/fit.ts');
    const history = renderHistory(key, events, { color: call.color.stdout, timeZone: io.timeZone });
    io.stdout.write(fitLines(history, io.stdout));
  }
  return exitCodes.ok.code;
}
