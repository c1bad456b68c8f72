import path from 'node:path';
import type { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { blackedOut, secretsIn } from '../../../lint/secrets.ts';
import { type ReadBytes, readBytes } from '../../../manifest/file-text.ts';
import type { Source } from '../../../manifest/model.ts';
import { afterLint, afterPlan } from '../../../project/next-actions.ts';
import type { Project } from '../../../project/project.ts';
import type { Desk } from '../desk.ts';
import { defineTool, manifestShape, type ToolAnswer } from '../tool.ts';

const longest = 100_000;

export const proposeEditTool = defineTool({
  name: 'propose_edit',
  title: 'Propose an edit of a storyboard',
  description:
    'Shows an edit of a storyboard, or of a fragment or prompt file of it, as a unified diff, with what the lint would say and what a run would cost afterwards. It writes nothing: a person, or a tool for editing files, applies it.',
  shape: {
    manifest: manifestShape,
    file: z
      .string()
      .max(4096)
      .optional()
      .describe(
        'The file to edit: the storyboard itself where it is left out, or a fragment or prompt file that it names',
      ),
    edits: z
      .array(
        z.strictObject({
          find: z.string().min(1).max(longest).describe('Text that stands in the file exactly once'),
          replace: z.string().max(longest).describe('What takes its place'),
        }),
      )
      .min(1)
      .max(200)
      .describe('Replacements, one after the other'),
  },
  async answer(desk, { manifest, file, edits }) {
    const named = await desk.manifest(manifest);
    const source = await sourceOf(desk, named, file);
    const after = edits.reduce((text, edit) => replaced(text, edit, source.file), source.text);
    return {
      file: source.file,
      diff: await diffOf(source.file, source.text, after),
      ...(await judged(desk, named, source, after)),
    };
  },
});

/** Only what the manifest is made of can be proposed to be edited, and so be seen in a diff. */
async function sourceOf(desk: Desk, manifest: string, file: string | undefined): Promise<Source> {
  const { cwd } = desk.options;
  const wanted = path.resolve(cwd, file ?? manifest);
  const { sources } = await desk.withProject(manifest, async (project) => project.linted.manifest);
  const source = sources.find(({ absolutePath }) => absolutePath === wanted);
  if (source !== undefined) return source;
  throw new UsageError(`${file} is no file of ${manifest}`, {
    help: `name one of ${sources.map((each) => each.file).join(', ')}`,
  });
}

function replaced(text: string, { find, replace }: { find: string; replace: string }, file: string): string {
  const [before, ...rest] = text.split(find);
  const [behind] = rest;
  if (before !== undefined && behind !== undefined && rest.length === 1) return before + replace + behind;
  throw new UsageError(
    rest.length === 0
      ? `${file} does not hold the text to find`
      : `${file} holds the text to find ${rest.length} times`,
    { help: 'give text that stands there exactly once, with its line ends and its indentation' },
  );
}

async function diffOf(file: string, before: string, after: string): Promise<string> {
  const diff: { readonly createTwoFilesPatch: typeof createTwoFilesPatch } = await import('diff');
  const [old, proposed] = [before, after].map((text) => blackedOut(text, secretsIn(text)));
  const names = [`a/${file}`, `b/${file}`] as const;
  const patch = diff.createTwoFilesPatch(...names, old ?? '', proposed ?? '', undefined, undefined, {
    context: 3,
  });
  // Its own separator line is no part of the format.
  return patch.replace(/^=+\n/, '');
}

/** What the lint and the plan make of the manifest with the edit in place. */
async function judged(desk: Desk, manifest: string, source: Source, after: string): Promise<ToolAnswer> {
  const readFile: ReadBytes = async (file, limit) =>
    file === source.absolutePath
      ? { bytes: Buffer.from(after), identity: `a proposal for ${file}` }
      : readBytes(file, limit);
  return desk.withProject(manifest, (project) => judgedProject(desk, project, manifest), {
    readOnly: true,
    readFile,
  });
}

async function judgedProject(desk: Desk, project: Project, manifest: string): Promise<ToolAnswer> {
  const { diagnostics, summary } = await project.lint();
  const findings = { diagnostics: diagnostics.slice(0, 100), lint: summary };
  if (summary.errors > 0) {
    return { ...findings, plan: null, nextActions: afterLint({ diagnostics, summary }, [manifest]) };
  }
  const plan = await project.plan();
  await project.tellOverBudget(plan);
  return { ...findings, plan: plan.summary, nextActions: afterPlan(plan, desk.surroundings(project)) };
}
