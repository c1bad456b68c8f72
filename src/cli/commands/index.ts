import type { CommandDefinition } from '../command.ts';

/**
 * Every command, in the order in which help lists them: that of the work. Each is loaded when it is called, so that none
 * waits for what another one needs.
 */
const loaders: Readonly<Record<string, () => Promise<CommandDefinition>>> = {
  init: async () => (await import('./init.ts')).initCommand,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  lint: async () => (await import('./lint.ts')).lintCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  approve: async () => (await import('./approve.ts')).approveCommand,
  run: async () => (await import('./run.ts')).runCommand,
  upload: async () => (await import('./upload.ts')).uploadCommand,
  collect: async () => (await import('./collect.ts')).collectCommand,
  status: async () => (await import('./status.ts')).statusCommand,
  pick: async () => (await import('./pick.ts')).pickCommand,
  reject: async () => (await import('./reject.ts')).rejectCommand,
  note: async () => (await import('./note.ts')).noteCommand,
  review: async () => (await import('./review.ts')).reviewCommand,
  cut: async () => (await import('./cut.ts')).cutCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  resolve: async () => (await import('./resolve.ts')).resolveCommand,
  reconcile: async () => (await import('./reconcile.ts')).reconcileCommand,
  adopt: async () => (await import('./adopt.ts')).adoptCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  models: async () => (await import('./models.ts')).modelsCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
  mcp: async () => (await import('./mcp.ts')).mcpCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  emulator: async () => (await import('./emulator.ts')).emulatorCommand,
};

export const commandNames: readonly string[] = Object.keys(loaders);

export function loadCommands(): Promise<readonly CommandDefinition[]> {
  return Promise.all(Object.values(loaders).map((load) => load()));
}

/** The command alone that the first word of a call names; all of them where it names none. */
export async function loadCalled(word: string | undefined): Promise<readonly CommandDefinition[]> {
  const load = word !== undefined && Object.hasOwn(loaders, word) ? loaders[word] : undefined;
  return load === undefined ? loadCommands() : [await load()];
}
