import type { JsonObject } from '../core/canonical-json.ts';
import type { Severity } from '../core/diagnostic.ts';
import type { Mode } from '../core/mode.ts';
import type { SourceIndex } from './source-index.ts';
import type { PlainScalarFilter, YamlAlias, YamlComment, YamlNode, YamlScalar } from './yaml-nodes.ts';

/** A place in a document: keys of maps and indices of lists, from the top. */
export type Path = readonly (string | number)[];

/** A file that was read, kept whole so that findings can be placed and shown. */
export interface Source {
  /** As people know it: the manifest as it was named, other files relative to the same base. */
  readonly file: string;
  /** Absolute; null for standard input. */
  readonly absolutePath: string | null;
  /** The text that was parsed, without a byte-order mark. */
  readonly text: string;
  /** The parsed YAML; null for a prompt file and for a file that could not be parsed. */
  readonly root: YamlNode | null;
  /** The node that each alias stands for; absent where the file has none. */
  readonly aliases?: ReadonlyMap<YamlAlias, YamlNode> | undefined;
  /** Every comment of the YAML, in order; absent where none was read. */
  readonly comments?: (() => readonly YamlComment[]) | undefined;
  /** The texts without quotes that are wanted, keys included; absent where no YAML was read. */
  readonly plainScalars?: ((isWanted: PlainScalarFilter) => Iterable<YamlScalar>) | undefined;
  /** Tables for placing findings; without it they are made for each finding. */
  readonly index?: SourceIndex | undefined;
}

/** The place where a value was written. */
export interface Origin {
  readonly source: Source;
  readonly path: Path;
}

/**
 * The part that a finding marks of what stands at a path. `key`: the key of the pair. `value`: the value, its quotes
 * included. `item`: the first line of a map or list that lacks something.
 */
export type Mark = 'key' | 'value' | 'item';

/** A finding that still has a path; `locate` turns it into a diagnostic with a line and a column. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string | undefined;
  readonly origin: Origin;
  readonly mark: Mark;
  /** Narrows `value` to a token inside it, for example `${vars.lok}`: the text and which of its occurrences, from 0. */
  readonly token?: { readonly text: string; readonly occurrence: number } | undefined;
  /** Byte-exact place where there is no path, as for YAML that does not parse: UTF-16 offsets into the source's text. */
  readonly range?: { readonly start: number; readonly end: number } | undefined;
  readonly key?: string | undefined;
  /** The requests or shots that it is about, where there can be several; in place of `key`. */
  readonly users?: readonly FindingUser[] | undefined;
  /** Edits that mend it, where there is one right answer. */
  readonly fix?: Fix | undefined;
  /** Text of the source that must never be shown again, as it stands there. */
  readonly secret?: string | undefined;
}

/** A request, or a shot, that has a finding in common with others. */
export interface FindingUser {
  readonly key: string;
  readonly shot: string;
}

/** Edits of one source that belong together. */
export interface Fix {
  /** The edits as an order: "Write `first_image`". */
  readonly title: string;
  /** In no order; none touches another. */
  readonly edits: readonly Edit[];
}

/** One replacement in a source's text: UTF-16 offsets, the end exclusive. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The level at which a value was written: a nearer one wins. */
export type Level = 'variant' | 'shot' | 'scene' | 'manifest';

/** A resolved value, and where it was written. */
export interface Resolved<T> {
  readonly value: T;
  /** The place where the value's text was written: for one that is exactly `${assets.x}`, the asset's definition. */
  readonly origin: Origin;
  /** The place that states the parameter itself, a shot or defaults; the same object as `origin` but for references. */
  readonly stated: Origin;
  readonly level: Level;
  /** The key under which it was written, which for legacy spellings is not the parameter's name. */
  readonly writtenAs: string;
}

/** A file on a disk that a media value names: as people know it, and where it is. */
export interface LocalFile {
  readonly file: string;
  readonly absolutePath: string;
}

/** A medium of a frame, as it was written. */
export interface ResolvedMedium extends Resolved<string> {
  /** The file that it names; absent for a URL. */
  readonly file?: LocalFile | undefined;
}

/** One medium of a list, each with its own origin: an item spliced from a list in `vars` points there. */
export interface MediaItem {
  readonly value: string;
  /** The file that it names; absent for a URL. */
  readonly file?: LocalFile | undefined;
  readonly origin: Origin;
  /** The item of the list as written; the same object as `origin` but for references. A splice has one for all. */
  readonly stated: Origin;
}

/**
 * Parameters that the manifest states for a version of a shot, after inheritance and interpolation. One that is absent
 * was not stated, or what was stated had the wrong shape and has been reported: `broken` tells the two apart.
 */
export interface Parameters {
  readonly model?: Resolved<string>;
  readonly prompt?: Resolved<string>;
  readonly duration?: Resolved<number>;
  readonly ratio?: Resolved<string>;
  readonly resolution?: Resolved<string>;
  readonly first_image?: ResolvedMedium;
  readonly last_image?: ResolvedMedium;
  readonly referenceImages?: Resolved<readonly MediaItem[]>;
  readonly referenceVideos?: Resolved<readonly MediaItem[]>;
  readonly referenceAudios?: Resolved<readonly MediaItem[]>;
  readonly extra?: Resolved<JsonObject>;
}

export type ParameterName = Exclude<keyof Parameters, 'extra'>;

/** A legacy spelling that was written for a version (`image`, `lastFrameImage`), whether or not it won. */
export interface LegacyUse {
  readonly writtenAs: 'image' | 'lastFrameImage';
  readonly name: 'first_image' | 'last_image';
  readonly value: string;
  /** The place where it was stated, also when its value is a reference. */
  readonly origin: Origin;
  /** The new spelling written at the same level, where there is one. */
  readonly beside: Resolved<string> | undefined;
}

/** A shot, or one variant of it, with everything resolved: what the rules look at. Each is requested `takes` times. */
export interface Version {
  /**
   * `scene/shot` or `scene/shot:variant`, without a take. Empty where an id of it is missing, broken or taken, which has
   * been reported: such a version is checked like any other and never becomes a request.
   */
  readonly key: string;
  /** `scene/shot`; empty as `key` is. */
  readonly shotKey: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly takes: number;
  readonly tags: readonly string[];
  /** Free text for people, the variant's before the shot's; left out where there is none. */
  readonly title?: string;
  readonly notes?: string;
  readonly skip: boolean;
  /** The mode in force: stated, or inferred from the media. */
  readonly mode: Mode;
  /** The stated mode, and where it was written; undefined where the mode was inferred. */
  readonly statedMode: Resolved<Mode> | undefined;
  readonly parameters: Parameters;
  readonly legacy: readonly LegacyUse[];
  /** Names of parameters whose stated value has been reported already; rules must stay silent about their absence. */
  readonly broken: ReadonlySet<ParameterName | 'mode' | 'extra'>;
  /** The shot's own map (or the variant's): where something missing is reported. */
  readonly origin: Origin;
}

/** One billed call, and all that would be sent with it. */
export interface Request {
  /** `scene/shot:variant@take`; unique in a manifest, stable across edits. */
  readonly key: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  /** From 1. */
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  readonly tags: readonly string[];
  /** Exactly what is sent, in the order in which it is sent. */
  readonly body: RequestBody;
  /** `sha256:…` of body and take, see `fingerprint.ts`. */
  readonly fingerprint: string;
  /** The local files whose objects the body names, each once; absent for none. */
  readonly files?: readonly RequestFile[] | undefined;
}

/** A local file that a request sends the address of. */
export interface RequestFile {
  /** From the manifest's folder, with slashes. */
  readonly path: string;
  /** Of its content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** The address that stands for it in the body, without a signature. */
  readonly url: string;
  readonly absolutePath: string;
}

/** The parameters that are sent: the provider's names, and whatever `extra` adds. */
export type RequestBody = JsonObject & { readonly model: string };

/** The manifest's `budget`. */
export interface Budget {
  readonly currency: string | null;
  /** Price of one request, by model, in `currency`. */
  readonly prices: Readonly<Record<string, number>>;
  readonly maxCost: number | null;
  readonly maxRequests: number | null;
}

/** The manifest's `store`: where local files go, and how the provider reads them there. */
export interface StoreSettings {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the bucket itself. */
  readonly prefix: string;
  /** Null where the environment says it. */
  readonly endpoint: string | null;
  readonly region: string | null;
  readonly pathStyle: boolean | null;
  /** Address at which anyone can read the objects; null where their URLs are presigned. Without a slash at its end. */
  readonly publicBase: string | null;
  /** Life of a presigned URL, in seconds. */
  readonly expires: number;
  /** Absolute folders in which files may lie besides the work tree. */
  readonly roots: readonly string[];
  readonly origin: Origin;
}

/** The manifest's `run`; null where it says nothing. */
export interface RunSettings {
  readonly concurrency: number | null;
  /** As written: `30/min`. */
  readonly rate: string | null;
}

/** A manifest with its fragments and prompt files, resolved as far as its mistakes allow. */
export interface Manifest {
  readonly source: Source;
  /** The manifest, its fragments and its prompt files, in the order in which they were met. */
  readonly sources: readonly Source[];
  /** A fragment that was read on its own, without what the manifest that includes it says. */
  readonly isFragment: boolean;
  /** Empty where it could not be read. */
  readonly project: string;
  readonly title: string | null;
  readonly budget: Budget;
  readonly run: RunSettings;
  /** The `models` file it names. */
  readonly models: { readonly absolutePath: string; readonly origin: Origin } | null;
  /** The store for local files; null where it does not say, or says what cannot be used. */
  readonly store?: StoreSettings | null;
  /** It says where local files go, be it in a way that cannot be used. */
  readonly statesStore?: boolean;
  /** The allowed-signers file of those who may approve what is sent, absolute; null where nobody need. */
  readonly approvers: string | null;
  /** True where saved clips are looked at for black, frozen and silent stretches; left out where it does not say. */
  readonly qc?: boolean;
  /** Number of shots written, skipped ones included. */
  readonly shots: number;
  /** Number of them that say `skip: true`, and ask for nothing. */
  readonly skippedShots: number;
  /** The scenes that have one, by id; left out where none has. */
  readonly sceneTitles?: ReadonlyMap<string, string>;
  /** In manifest order, skipped shots left out. */
  readonly versions: readonly Version[];
  /**
   * Named media as written, with where each stands: so that a bad URL is found even where nothing uses it. An asset
   * that is a list has several.
   */
  readonly assets: ReadonlyMap<string, readonly MediaItem[]>;
  /** For each prompt file, the keys of the shots that use it, in manifest order. */
  readonly promptUsers: ReadonlyMap<Source, readonly string[]>;
  /** Findings of reading, validating and resolving. Rules add to these. */
  readonly findings: readonly Finding[];
}
