import type { Tool } from '../tool.ts';
import { proposeEditTool } from './propose-edit.ts';
import {
  historyTool,
  lintTool,
  modelsTool,
  planTool,
  priceTool,
  reportTool,
  requestsTool,
  rulesTool,
  statusTool,
} from './reading.ts';
import { collectTool, runTool, savePlanTool } from './sending.ts';

/** Every tool, in the order of the work. */
export const tools: readonly Tool[] = [
  lintTool,
  requestsTool,
  proposeEditTool,
  planTool,
  priceTool,
  savePlanTool,
  runTool,
  collectTool,
  statusTool,
  reportTool,
  historyTool,
  rulesTool,
  modelsTool,
];
