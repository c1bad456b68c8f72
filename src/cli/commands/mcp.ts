import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible } from '../interruptible.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

export const mcpCommand = defineCommand({
  name: 'mcp',
  summary: 'serve an agent over the Model Context Protocol',
  description:
    'Speaks the Model Context Protocol over standard input and output, for an agent that works on storyboards: it can lint, plan, price, look at states, report and history, read a storyboard as resolved requests, and propose an edit as a diff. It names no file outside of the work tree that it is started in; provider, ledger and models are those of this call. Without --allow it writes nothing. With `--allow plan` it saves plans, for a person to approve. With `--allow run` it also collects clips, and sends a plan that a person approved with `shotlist approve`, where the storyboard names `approvers`, and nothing else.',
  arguments: {},
  options: {
    allow: {
      flags: '--allow <what>',
      summary: 'plan: save plans too; run: also send approved plans, and collect',
      choices: ['plan', 'run'],
      default: 'none of both: it only reads',
    },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
  examples: [
    { command: 'shotlist mcp', summary: 'what an agent starts to read and plan' },
    { command: 'shotlist mcp --allow run', summary: 'for one that sends what people approved' },
  ],
  async execute({ io, options }) {
    if (io.stdin.isTTY) {
      io.stderr.write('An agent speaks with this over standard input; see docs/agents.md. Ctrl-C ends it.\n');
    }
    const { serveMcp } = await import('../../server/mcp/serve.ts');
    const { allow = 'read', ledger, journal, baseUrl, real, models } = options;
    const flags = { ledger, journal, baseUrl, models, real: real ? true : undefined };
    const { cwd, env, clock, random, user: by, channel } = io;
    const { signal, end } = interruptible(io);
    try {
      const onBug = (text: string): void => io.stderr.write(`a bug in shotlist:\n${text}\n`);
      await serveMcp({ ...{ cwd, env, clock, random, by, allow, flags, signal, onBug }, ...channel });
    } finally {
      end();
    }
    return signal.aborted ? exitCodes.interrupted.code : exitCodes.ok.code;
  },
});
