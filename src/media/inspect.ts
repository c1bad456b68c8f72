import { loadContainerReader, readContainer } from './container.ts';
import type { ByteRange, MediaKind, MediaReading, Piece } from './facts.ts';
import { HeldBytes } from './held-bytes.ts';
import { readImage } from './image.ts';
import { formatOf, magicLength } from './magic.ts';
import { whyUnreadable } from './unreadable.ts';

/** The reading of some parts of a file, and the other parts that would tell more. */
export interface Inspection {
  readonly reading: MediaReading;
  /** Empty where nothing more can be learnt. */
  readonly missing: readonly ByteRange[];
}

export interface InspectionRequest {
  readonly pieces: readonly Piece[];
  /** In bytes; null where it is not known. */
  readonly size: number | null;
  /** True where the names of codecs are wanted too. */
  readonly withCodecs?: boolean;
}

/** Loads what reading this file will need, so that reading alone can be timed. */
export async function prepareInspection({ pieces, size }: InspectionRequest): Promise<void> {
  const format = formatOf(new HeldBytes(pieces, size).head(magicLength));
  if (format !== undefined) await loadContainerReader(format.name);
}

/**
 * Reads a file of which only parts are at hand: a pure function of them, called again from the start when more parts
 * have come. Never throws for what is in the file.
 */
export async function inspect({ pieces, size, withCodecs = false }: InspectionRequest): Promise<Inspection> {
  const file = new HeldBytes(pieces, size);
  const head = file.head(magicLength);
  const format = formatOf(head);
  if (format === undefined) {
    const unknown =
      head.length === 0 ? 'the file is empty' : 'its first bytes are like those of no format that is known';
    return { reading: { ...nothingRead, unknown }, missing: [] };
  }
  if (format.kind === null) return { reading: { ...nothingRead, format: format.name }, missing: [] };
  const reading = await read(file, format.name, format.kind, withCodecs);
  // A library may wrap or swallow the error that a missing range caused, so what was missed decides.
  if (reading.unknown === null || file.missing.length === 0) return { reading, missing: [] };
  return { reading: { ...reading, unknown: 'not enough of the file was read' }, missing: file.missing };
}

async function read(
  file: HeldBytes,
  format: string,
  kind: MediaKind,
  withCodecs: boolean,
): Promise<MediaReading> {
  try {
    return await (kind === 'image' ? readImage(file, format) : readContainer(file, format, withCodecs));
  } catch (error) {
    return { ...nothingRead, kind, format, unknown: whyUnreadable(error) };
  }
}

/** The reading of a file before any of it is read. */
export const nothingRead: MediaReading = {
  kind: null,
  format: null,
  width: null,
  height: null,
  duration: null,
  frameDuration: null,
  unknown: null,
};
