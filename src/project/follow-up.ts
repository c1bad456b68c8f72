import { copyableLocation } from '../ledger/location.ts';
import { command as commandLine } from './shell.ts';

/**
 * Writes a command for a person to copy: on the manifest that was looked at, with the ledger, the provider and the
 * catalog of the call before it, ready for a POSIX shell. A command may be two words: `ledger import`.
 */
export type FollowUp = (command: string, ...words: readonly string[]) => string;

/** Options that the next command needs as well. */
export interface CarriedOptions {
  readonly download?: string | false | undefined;
  readonly name?: string | undefined;
  readonly allowPrivateMedia?: boolean | undefined;
  readonly ledger?: string | undefined;
  readonly journal?: string | false | undefined;
  readonly baseUrl?: string | undefined;
  readonly models?: string | undefined;
  readonly real?: boolean | undefined;
}

interface Carried {
  readonly option: keyof CarriedOptions;
  readonly flag: string;
  /** The one command that has the flag; without it, all that follow do. */
  readonly of?: string;
  /** Off unless it is given; there is no flag that turns it off. */
  readonly isSwitch?: boolean;
}

const carried: readonly Carried[] = [
  { option: 'download', flag: 'download', of: 'collect' },
  { option: 'name', flag: 'name', of: 'collect' },
  { option: 'allowPrivateMedia', flag: 'allow-private-media', of: 'run', isSwitch: true },
  { option: 'ledger', flag: 'ledger' },
  { option: 'journal', flag: 'journal' },
  { option: 'baseUrl', flag: 'base-url' },
  { option: 'models', flag: 'models' },
  { option: 'real', flag: 'real', isSwitch: true },
];

/** The flags that any command goes on with after this call. */
export function carriedFlags(options: CarriedOptions): readonly string[] {
  return carried
    .filter(({ of }) => of === undefined)
    .flatMap((each) => flagWords(each, options[each.option]));
}

/** @param file what the commands are called with, as people name it from the working directory. */
export function followUpOf(options: CarriedOptions, file: string): FollowUp {
  return (command, ...words) => {
    const flags = carried
      .filter(({ of = command }) => of === command)
      .flatMap((each) => flagWords(each, options[each.option]));
    return commandLine(...command.split(' '), asArgument(file), ...words, ...flags);
  };
}

function flagWords({ flag, isSwitch }: Carried, value: string | boolean | undefined): readonly string[] {
  // A command that is copied from a terminal gets into histories and lists of processes.
  if (typeof value === 'string') return [`--${flag}`, flag === 'ledger' ? copyableLocation(value) : value];
  if (value === true) return [`--${flag}`];
  return value === false && isSwitch !== true ? [`--no-${flag}`] : [];
}

/** A file whose name begins with a dash would be taken for a flag. */
function asArgument(file: string): string {
  return file.startsWith('-') && file !== '-' ? `./${file}` : file;
}
