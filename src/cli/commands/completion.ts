import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'print a completion script for a shell',
  description:
    'Prints a script that completes commands, flags and their values, rule ids, models, git refs and the keys of the manifest on the line. The script asks the program itself, so it stays right when the program is updated.',
  arguments: {
    shell: { name: '<shell>', summary: 'bash, zsh or fish', completion: ['bash', 'zsh', 'fish'] },
  },
  options: {},
  examples: [
    { command: 'eval "$(shotlist completion bash)"', summary: 'in ~/.bashrc' },
    { command: 'eval "$(shotlist completion zsh)"', summary: 'in ~/.zshrc, after compinit' },
    {
      command: 'shotlist completion fish > ~/.config/fish/completions/shotlist.fish',
      summary: 'once, for fish',
    },
  ],
  async execute(call) {
    const { completionScripts } = await import('../completion/scripts.ts');
    const { shell } = call.arguments;
    if (!isKeyOf(completionScripts, shell)) {
      const shells = Object.keys(completionScripts);
      throw new UsageError(`there is no completion for the shell '${shell}'`, {
        help: didYouMean(shell, shells, `choose one of ${shells.join(', ')}`),
      });
    }
    call.io.stdout.write(completionScripts[shell]);
    return exitCodes.ok.code;
  },
});

function isKeyOf<T extends object>(map: T, key: string): key is keyof T & string {
  return Object.hasOwn(map, key);
}
