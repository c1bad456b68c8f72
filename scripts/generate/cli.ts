import { type CommandDefinition, flagsIn, type OptionDefinitions } from '../../src/cli/command.ts';
import { loadCommands } from '../../src/cli/commands/index.ts';
import { exitCodes, failures } from '../../src/cli/exit-codes.ts';
import { commonOptions } from '../../src/cli/options.ts';

const commands = await loadCommands();

/** docs/cli.md, from the command definitions that parsing and `--help` come from. */
export function cliPage(): string {
  return [
    '# The command line',
    'Results go to standard output, everything else (progress, notes, questions) to standard error. Color and animation appear only on a terminal; `NO_COLOR`, `FORCE_COLOR` and `CI` are honoured.',
    commandTable(),
    ...commands.map(commandSection),
    '## Flags of every command',
    optionTable(commonOptions),
    '## Environment',
    environment,
    '## Exit codes',
    table(
      ['code', 'meaning'],
      Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning]),
    ),
    '## Failures for scripts',
    failureIntroduction,
    table(
      ['errorCode', 'meaning', 'exitCode'],
      failures.map(({ name, meaning, code }) => [`\`${name}\``, meaning, String(code)]),
    ),
  ]
    .map((block) => `${block.trimEnd()}\n`)
    .join('\n');
}

const failureIntroduction = `Where \`--format json\` was asked for and the command ends before it has a result, standard output still holds one document, beside the message on standard error:

\`\`\`json
{"version":1,"errorCode":"overBudget","error":"this plan costs 21 CNY, and --max-cost allows 20 CNY","help":"raise --max-cost, …","exitCode":3,"nextActions":[…]}
\`\`\`

\`help\` is null where the message says it all. A document with \`errorCode\` at its top has no \`rows\`, \`requests\` or other result. A run that has begun to send prints its report whatever came of it; only where the ledger itself fails meanwhile it ends with \`ledger\`, and \`report\` tells what was sent.

Every document for scripts, a refusal included, has \`nextActions\`: what to do next, the safest first. The server for agents says the same in the same words.

\`\`\`json
{"action":"collect","command":"shotlist collect storyboard.yaml","why":"wait for the tasks, and save their clips: result URLs live about a day","pays":false,"needsPerson":false}
\`\`\`

\`pays\`: it can cost money. \`needsPerson\`: it is for a person to do, or to decide.
`;

const environment = table(
  ['variable', 'meaning'],
  [
    ['`SHOTLIST_API_KEY`', 'the key; never on a command line'],
    ['`SHOTLIST_API_KEY_FILE`', 'a file that holds the key'],
    ['`SHOTLIST_BASE_URL`', 'the provider, up to and including the service prefix'],
    ['`SHOTLIST_LEDGER`', 'the ledger to use; in `.env` a file in the work tree'],
    ['`SHOTLIST_REAL`', '`1`: what listens at a loopback address is a gateway that pays, and no rehearsal'],
    [
      '`SHOTLIST_LANG`',
      '`zh`: messages and help in Chinese; `en`: in English. Without it, `LC_ALL`, `LC_MESSAGES` or `LANG` of `zh` means Chinese. Set in the environment itself, not in `.env`. Codes, keys, files, JSON and every other format for programs are the same in both',
    ],
    [
      '`SHOTLIST_APPROVERS`',
      'who may approve what is sent, in place of what the manifest names: an OpenSSH allowed-signers file. Not read from `.env`',
    ],
    [
      '`SHOTLIST_YAML`',
      '`slow` reads every file with the YAML library alone, and not with the reader that takes most files in a tenth of the time: both find the same, and a difference is a bug to report',
    ],
    [
      '`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`',
      'the way out; `NO_PROXY` takes hosts, suffixes and ranges such as `10.0.0.0/8`; loopback addresses never go through a proxy',
    ],
  ],
).concat(
  '\nA `.env` file in the working directory is read too. Real variables win, flags win over both; a base URL or a ledger that is set and empty is a mistake. A base URL from `.env` counts only together with `SHOTLIST_API_KEY` itself in the same file, and a key file that `.env` names has to lie in the folder, so that a stranger’s checkout can neither redirect a real key nor pick one up.\n',
);

function commandTable(): string {
  return table(
    ['command', 'does'],
    commands.map(({ name, summary }) => [`[\`${name}\`](#${name})`, summary]),
  );
}

function commandSection(definition: CommandDefinition): string {
  const takes = Object.values(definition.arguments);
  const usage = ['shotlist', definition.name, '[flags]', ...takes.map(({ name }) => name)].join(' ');
  const examples = definition.examples.map(({ command, summary }) => `# ${summary}\n${command}`).join('\n\n');
  return [
    `## ${definition.name}`,
    definition.description,
    `\`\`\`\n${usage}\n\`\`\``,
    takes.length === 0
      ? ''
      : table(
          ['argument', 'meaning'],
          takes.map(({ name, summary }) => [`\`${name}\``, summary]),
        ),
    Object.keys(definition.options).length === 0 ? '' : optionTable(definition.options),
    examples === '' ? '' : `\`\`\`sh\n${examples}\n\`\`\``,
  ]
    .filter((block) => block !== '')
    .map((block) => block.trimEnd())
    .join('\n\n');
}

function optionTable(options: OptionDefinitions): string {
  return table(
    ['flag', 'meaning'],
    flagsIn(options).map((flag) => [`\`${flag.flags}\``, meaningOf(flag)]),
  );
}

function meaningOf({ summary, choices, default: otherwise }: ReturnType<typeof flagsIn>[number]): string {
  const among = choices === undefined ? '' : `: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
  return `${summary}${among}${otherwise === undefined ? '' : ` (default: ${otherwise})`}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')}\n`;
}
