const senders: Readonly<Record<string, string>> = {
  SIGHUP: 'the terminal was closed, or the session ended',
  SIGTERM: 'another program ended this one: a time limit, a CI job, the system',
};

/** Names the signal that stopped the program, for whoever reads the output later. Empty for Ctrl-C. */
export function interruptLine(signal: string): string {
  const who = senders[signal];
  return who === undefined ? '' : `Got ${signal}: ${who}.\n`;
}
