import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { SetupError, UsageError } from '../../core/errors.ts';
import { nearest } from '../../core/suggest.ts';
import type { FileBytes } from '../../manifest/file-text.ts';
import { tooLarge, unreadable } from '../../manifest/file-text.ts';
import type { Problem } from '../../manifest/problem.ts';
import { BlobReader } from './blobs.ts';

/** The files of a git repository as they are at one commit. The work tree and the index are never touched. */
export interface GitTree {
  /** Absolute path at which the manifest of this commit stands, were it checked out. */
  readonly manifest: string;
  /** Reads a file by the absolute path that it has in the work tree. */
  readFile(absolutePath: string, limit: number): Promise<FileBytes | Problem>;
  /** Absolute paths of the manifests that say at the beginning of a line that they are of this project. */
  manifestsOf(project: string): Promise<readonly string[]>;
  /** The path that a file has for git, from the top of the repository. */
  nameOf(absolutePath: string): string;
  close(): void;
}

export interface GitPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder inside the repository, from which relative paths are seen. */
  readonly folder: string;
}

/**
 * Opens a commit for reading. `revision` is whatever names one to git; `REF...` is where HEAD left REF, as in `git diff`;
 * `REF:path` names the manifest too.
 *
 * @throws UsageError for a ref that git does not know; where the clone is shallow, it says what to fetch.
 * @throws SetupError where there is no git or no repository.
 */
export async function openGitTree(place: GitPlace, revision: string, manifest: string): Promise<GitTree> {
  const [range, named] = splitRevision(revision);
  const ref = startOf(range);
  const [prefix, shallow] = await repositoryOf(place, revision);
  const commit = await commitOf(place, ref, shallow === 'true');
  const blobs = new BlobReader(startCatFile(place));
  const inRepository = (absolutePath: string): string =>
    path.posix.join(prefix, path.relative(place.folder, absolutePath).split(path.sep).join('/'));
  return {
    manifest: named === undefined ? manifest : path.resolve(place.folder, toWorkTree(prefix, named)),
    async readFile(absolutePath, limit) {
      const name = inRepository(absolutePath);
      if (name.startsWith('../')) {
        return unreadable('is outside the git repository', 'Keep everything that the manifest names in it');
      }
      if (/[\n\0]/.test(name)) return unreadable('is not a possible path', 'Check the path');
      const blob = await blobs.read(`${commit}:${name}`, limit);
      switch (blob.kind) {
        case 'file':
          return { bytes: blob.bytes, identity: `${commit}:${name}` };
        case 'tooLarge':
          return tooLarge(blob.size, limit);
        case 'folder':
          return unreadable('is a directory, not a file', 'Name the file inside it');
        case 'missing':
          return unreadable('does not exist', 'Check the path');
      }
    },
    async manifestsOf(project) {
      const { stdout } = await git(place, [
        ...['grep', '--files-with-matches', '--full-name', '--null', '--extended-regexp'],
        ...['-e', `^["']?project["']?[[:space:]]*:[[:space:]]*["']?${project}["']?[[:space:]]*(#.*)?$`],
        ...[commit, '--', ':(top,glob)**/*.yaml', ':(top,glob)**/*.yml'],
      ]);
      const names = stdout.split('\0').filter((name) => name !== '');
      return names.map((name) =>
        path.resolve(place.folder, toWorkTree(prefix, name.slice(commit.length + 1))),
      );
    },
    nameOf: inRepository,
    close: () => blobs.close(),
  };
}

/**
 * `REF:path`, where a path in the manner of git is relative to the top of the repository or begins with `./`. Braces may
 * hold a colon of their own: `main@{2026-01-31 12:00}`.
 */
export function splitRevision(revision: string): [ref: string, path: string | undefined] {
  const [ref = ''] = /^(?:\{[^}]*\}|[^:])*/.exec(revision) ?? [];
  return ref.length === revision.length ? [revision, undefined] : [ref, revision.slice(ref.length + 1)];
}

/** `main..HEAD` and `main...HEAD`, as `git diff` takes them, begin at what is compared with; what ends elsewhere is none. */
function startOf(range: string): string {
  const [, start = '', dots, end] = /^(.*?)(\.{2,3})(.*)$/s.exec(range) ?? [];
  if (dots === undefined) return range;
  if (end !== '' && end !== 'HEAD' && end !== '@') {
    throw new UsageError(`${range} names two revisions, and the manifest is compared as it is here`, {
      help: `switch to ${end} and compare with ${start}: --against ${start}`,
    });
  }
  return dots === '...' ? `${start}...` : start;
}

function toWorkTree(prefix: string, named: string): string {
  return /^\.\.?\//.test(named) ? named : path.posix.relative(`/${prefix}`, `/${named}`);
}

/** Finds the folder's place in the repository, with a slash at the end, and whether the clone is shallow. */
async function repositoryOf(
  place: GitPlace,
  revision: string,
): Promise<[prefix: string, shallow: string | undefined]> {
  const { ok, stdout, stderr } = await git(place, ['rev-parse', '--show-prefix', '--is-shallow-repository']);
  if (ok) {
    const [prefix = '', shallow] = stdout.split('\n');
    return [prefix, shallow];
  }
  if (stderr.includes('not a git repository')) {
    throw new UsageError(`there is no file ${revision}, and ${place.folder} is in no git repository`, {
      help: '--against takes a git ref such as origin/main, or another manifest file',
    });
  }
  throw new SetupError(`git cannot read the repository: ${firstLine(stderr)}`, { help: restOf(stderr) });
}

async function commitOf(place: GitPlace, ref: string, shallow: boolean): Promise<string> {
  if (ref === '' || ref.startsWith('-') || /[\n\0]/.test(ref)) {
    throw new UsageError(`'${ref}' is no git ref`, {
      help: '--against takes a branch, a tag, a commit, or another manifest file',
    });
  }
  if (!ref.endsWith('...')) {
    const { ok, stdout } = await git(place, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (ok) return stdout.trim();
    if (/^(?:HEAD|@)\b/.test(ref) && !(await hasCommit(place))) throw noCommitYet();
    throw shallow ? notInShallowClone(`${ref} is`, ref) : await unknownRef(place, ref);
  }
  const branch = ref.slice(0, -3);
  await commitOf(place, branch, shallow);
  const { ok, stdout } = await git(place, ['merge-base', branch, 'HEAD']);
  if (ok) return stdout.trim();
  if (shallow) throw notInShallowClone(`where HEAD left ${branch} is`, branch);
  throw new UsageError(`HEAD and ${branch} have no commit in common`, {
    help: `compare with ${branch} itself: --against ${branch}`,
  });
}

async function hasCommit(place: GitPlace): Promise<boolean> {
  return (await git(place, ['rev-parse', '--verify', '--quiet', 'HEAD'])).ok;
}

function noCommitYet(): UsageError {
  return new UsageError('the repository has no commit yet, so there is nothing to compare with', {
    help: 'commit the manifest first; until then: --against old.yaml',
  });
}

function notInShallowClone(what: string, ref: string): UsageError {
  const branch = ref.replace(/^origin\//, '').replace(/[~^].*$/, '');
  return new UsageError(`${what} not in this clone, which is shallow: older commits are missing`, {
    help: [
      `fetch that commit: git fetch --depth=1 origin ${branch === 'HEAD' ? '<commit>' : branch}, then --against FETCH_HEAD`,
      'or all of them: git fetch --unshallow (in GitHub Actions, actions/checkout with fetch-depth: 0)',
    ].join('\n'),
  });
}

async function unknownRef(place: GitPlace, ref: string): Promise<UsageError> {
  const refs = await gitRefs(place);
  const suggestion = refs.find((each) => each === `origin/${ref}`) ?? nearest(ref, refs);
  return new UsageError(`there is no file ${ref}, and no git ref of that name`, {
    help:
      suggestion === undefined
        ? 'git branch -a lists the branches; a branch that is not there is fetched with git fetch'
        : `did you mean --against ${suggestion}?`,
  });
}

/** Branches and tags, by the names that people use; none where there is no repository. */
export async function gitRefs(place: GitPlace): Promise<readonly string[]> {
  const { stdout } = await git(place, ['for-each-ref', '--format=%(refname:short)']);
  return stdout.split('\n').filter((each) => each !== '');
}

interface GitResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function git(place: GitPlace, args: readonly string[]): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const options = { cwd: place.folder, env: environment(place), maxBuffer: 64 * 1024 * 1024 };
    execFile('git', args, options, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') reject(noGit(error));
      else resolve({ ok: error === null, stdout, stderr });
    });
  });
}

function startCatFile(place: GitPlace): ChildProcessWithoutNullStreams {
  return spawn('git', ['cat-file', '--batch', '--follow-symlinks'], {
    cwd: place.folder,
    env: environment(place),
  });
}

/**
 * Messages in English, since some are read; nothing is asked and nothing refreshed on the side. The repository is the one
 * that the manifest is in: what a hook says of its own would have any folder taken for the top of the work tree.
 */
function environment({ env }: GitPlace): NodeJS.ProcessEnv {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_PREFIX, ...others } = env;
  return { ...others, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

function noGit(cause: unknown): SetupError {
  return new SetupError('git was not found', {
    help: 'install git, or compare with a file: --against old.yaml',
    cause,
  });
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^fatal: /, '');
}

function restOf(text: string): string | undefined {
  return (
    text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter(Boolean)
      .join('\n') || undefined
  );
}
