import { z } from 'zod';
import type { NextAction } from '../../project/next-actions.ts';
import type { Desk, Level } from './desk.ts';

/** What a tool answers with: plain data, and what to do next. */
export interface ToolAnswer {
  readonly nextActions: readonly NextAction[];
  readonly [name: string]: unknown;
}

/** The names of a tool's arguments, with their shapes. */
type Shape = Readonly<Record<string, z.ZodType>>;

export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model that reads it. */
  readonly description: string;
  /** What the server must have been started with for it. */
  readonly level: Level;
  readonly input: z.ZodType;
  readonly hints: ToolHints;
  /** The file that a call is about, for what follows a refusal. */
  fileOf(input: unknown): string | undefined;
  answer(desk: Desk, input: unknown, signal: AbortSignal): Promise<ToolAnswer>;
}

export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** It goes over the network. */
  readonly openWorldHint: boolean;
}

const looking: ToolHints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Defines a tool. Arguments that it does not know are refused, so that nobody believes that they did something. */
export function defineTool<const S extends Shape>({
  shape,
  level = 'read',
  hints = looking,
  answer,
  ...about
}: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly level?: Level;
  readonly hints?: ToolHints;
  readonly shape: S;
  answer(desk: Desk, input: z.infer<z.ZodObject<S>>, signal: AbortSignal): Promise<ToolAnswer>;
}): Tool {
  const input = z.strictObject(shape);
  return {
    ...about,
    level,
    hints,
    input,
    fileOf: (given) => {
      const { manifest, plan } = given as { readonly manifest?: unknown; readonly plan?: unknown };
      const file = plan ?? manifest;
      return typeof file === 'string' ? file : undefined;
    },
    // The one cast between words and values: what is called was parsed by this very shape.
    answer: (desk, given, signal) => answer(desk, given as z.infer<typeof input>, signal),
  };
}

/** The manifest that nearly every tool is about. */
export const manifestShape = z
  .string()
  .min(1)
  .max(4096)
  .describe('The storyboard: a YAML file of this work tree, seen from the working directory of the server');

const words = z.array(z.string().min(1).max(512)).max(200);

/** Which requests a call is about. */
export const selectionShape = {
  only: words.optional().describe("Globs on whole keys (`sc010/*`); a shot's key takes all its requests"),
  tags: words.optional().describe('Only shots with one of these tags'),
  scenes: words.optional().describe('Only shots of these scenes'),
};

/** A part of a long list. */
export const pageShape = {
  offset: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('How many to leave out at the begin; 0 by default'),
  limit: z.number().int().min(1).max(1000).optional().describe('How many at the most; 100 by default'),
};

/** A part of a list, and where it goes on; `next` is null at its end. */
export function page<T>(
  items: readonly T[],
  { offset = 0, limit = 100 }: { readonly offset?: number | undefined; readonly limit?: number | undefined },
): { readonly items: readonly T[]; readonly total: number; readonly next: number | null } {
  const end = offset + limit;
  return { items: items.slice(offset, end), total: items.length, next: end < items.length ? end : null };
}
