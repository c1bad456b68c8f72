import type { ReadManifestOptions } from './files.ts';
import { readFiles } from './files.ts';
import type { Budget, Finding, Manifest, RunSettings, Source } from './model.ts';
import type { UsableFile } from './names.ts';
import { assetItems, collectNames } from './names.ts';
import { PromptFiles } from './prompts.ts';
import { Interpolation } from './references.ts';
import { emptySource, resolveName } from './source.ts';
import { storeSettings } from './store-settings.ts';
import { Versions } from './versions.ts';

/**
 * Reads a manifest with its fragments and prompt files and resolves every shot of it, as far as its mistakes allow.
 * Nothing in the files makes it throw: what is wrong is in `findings`. Time and memory are bounded whatever they hold.
 */
export async function readManifest(file: string, options: ReadManifestOptions): Promise<Manifest> {
  const { cwd, readFile } = options;
  const read = await readFiles(file, options);
  const findings: Finding[] = [...read.findings];
  const report = (finding: Finding): void => {
    findings.push(finding);
  };
  const { names, findings: nameFindings } = collectNames(read.files, read.complete);
  findings.push(...nameFindings);

  const interpolation = new Interpolation(names, report);
  const source = read.sources[0] ?? emptySource(file, null);
  const promptFiles = new PromptFiles(cwd, source, interpolation, report, readFile);
  const broken = new Map(read.files.flatMap((each) => [...each.broken]));
  const versions = new Versions({ interpolation, broken, report, cwd }, promptFiles);
  versions.add(read.files[0]?.source === read.sources[0] ? read.files : [], options.fragment);
  const promptSources = await promptFiles.read();

  return {
    source,
    sources: [...read.sources, ...promptSources],
    isFragment: options.fragment === true,
    ...settingsOf(read.files[0], cwd),
    shots: versions.shots,
    skippedShots: versions.skippedShots,
    ...(versions.sceneTitles.size === 0 ? {} : { sceneTitles: versions.sceneTitles }),
    versions: versions.finish(),
    assets: assetItems(names, cwd),
    promptUsers: promptFiles.users(),
    findings,
  };
}

/** Reads the settings of a manifest file. */
function settingsOf(
  manifest: UsableFile | undefined,
  cwd: string,
): Pick<
  Manifest,
  'project' | 'title' | 'budget' | 'run' | 'models' | 'approvers' | 'store' | 'statesStore' | 'qc'
> {
  const file = manifest?.file ?? {};
  return {
    project: file.project ?? '',
    title: file.title ?? null,
    budget: budgetOf(file.budget),
    run: runOf(file.run),
    store:
      manifest === undefined || file.store === undefined
        ? null
        : storeSettings(file.store, manifest.source, cwd),
    statesStore: file.store !== undefined || manifest?.broken.get(file)?.has('store') === true,
    ...(file.qc === undefined ? {} : { qc: file.qc }),
    models:
      manifest === undefined || file.models === undefined
        ? null
        : modelsOf(manifest.source, cwd, file.models),
    approvers:
      manifest === undefined || file.approvers === undefined
        ? null
        : resolveName(manifest.source, cwd, file.approvers).absolutePath,
  };
}

function budgetOf(budget: UsableFile['file']['budget']): Budget {
  const prices = Object.entries(budget?.prices ?? {}).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  return {
    currency: budget?.currency ?? null,
    prices: Object.fromEntries(prices),
    maxCost: budget?.maxCost ?? null,
    maxRequests: budget?.maxRequests ?? null,
  };
}

function runOf(run: UsableFile['file']['run']): RunSettings {
  return { concurrency: run?.concurrency ?? null, rate: run?.rate ?? null };
}

function modelsOf(source: Source, cwd: string, named: string): Manifest['models'] {
  return { absolutePath: resolveName(source, cwd, named).absolutePath, origin: { source, path: ['models'] } };
}
