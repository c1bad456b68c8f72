import type { CommandDefinition } from '../command.ts';
import { adoptCommand } from './adopt.ts';
import { collectCommand } from './collect.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { emulatorCommand } from './emulator.ts';
import { exportCommand } from './export.ts';
import { historyCommand } from './history.ts';
import { importCommand } from './import.ts';
import { initCommand } from './init.ts';
import { ledgerCommand } from './ledger.ts';
import { lintCommand } from './lint.ts';
import { modelsCommand } from './models.ts';
import { planCommand } from './plan.ts';
import { reportCommand } from './report.ts';
import { resolveCommand } from './resolve.ts';
import { rulesCommand } from './rules.ts';
import { runCommand } from './run.ts';
import { schemaCommand } from './schema.ts';
import { statusCommand } from './status.ts';

/** Every command, in the order in which help lists them: that of the work. */
export const commands: readonly CommandDefinition[] = [
  initCommand,
  importCommand,
  exportCommand,
  lintCommand,
  planCommand,
  runCommand,
  collectCommand,
  statusCommand,
  reportCommand,
  resolveCommand,
  adoptCommand,
  historyCommand,
  ledgerCommand,
  rulesCommand,
  modelsCommand,
  schemaCommand,
  completionCommand,
  doctorCommand,
  emulatorCommand,
];
