import type { HeldBytes } from './held-bytes.ts';
import type { PixelSize } from './image.ts';
import { UnreadableError } from './unreadable.ts';

/**
 * The size of a HEIC or AVIF picture as displayed: the primary item's, cropped and rotated as its properties say. A
 * phone's picture is a grid of small tiles, so the first size in the file is not the picture's.
 *
 * @throws MissingBytes, UnreadableError
 */
export function readHeif(file: HeldBytes): PixelSize {
  const meta = bodyOf(file, { start: 0, end: file.size }, 'meta', 4);
  const primary = primaryItem(file, meta);
  const properties = bodyOf(file, meta, 'iprp', 0);
  const all = boxesIn(file, bodyOf(file, properties, 'ipco', 0));
  const mine = associations(file, bodyOf(file, properties, 'ipma', 0), primary).map(
    (index) => all[index - 1],
  );

  let size: PixelSize | undefined;
  for (const property of mine) {
    if (property === undefined) continue;
    if (property.type === 'ispe') {
      const view = viewOf(file, property.start + 4, 8);
      size = { width: view.getUint32(0), height: view.getUint32(4) };
    } else if (property.type === 'clap') {
      const view = viewOf(file, property.start, 16);
      size = {
        width: Math.round(view.getUint32(0) / view.getUint32(4)),
        height: Math.round(view.getUint32(8) / view.getUint32(12)),
      };
    } else if (property.type === 'irot' && size !== undefined) {
      const quarterTurns = (file.read(property.start, property.start + 1)[0] ?? 0) & 3;
      if (quarterTurns % 2 === 1) size = { width: size.height, height: size.width };
    }
  }
  if (size === undefined) throw new UnreadableError('its main picture has no size');
  return size;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Box extends Span {
  readonly type: string;
}

/** More boxes than any picture has beside one another, so that a hostile file cannot keep us walking. */
const maxBoxes = 2000;

/** The boxes beside one another in a span; where they begin and end is that of their content. */
function boxesIn(file: HeldBytes, span: Span, until?: string): readonly Box[] {
  const boxes: Box[] = [];
  let at = span.start;
  while (at + 8 <= span.end && boxes.length < maxBoxes) {
    const header = viewOf(file, at, 8);
    const type = latin1(file.read(at + 4, at + 8));
    let size = header.getUint32(0);
    let headerLength = 8;
    if (size === 1) {
      size = Number(viewOf(file, at + 8, 8).getBigUint64(0));
      headerLength = 16;
    } else if (size === 0) {
      size = span.end - at;
    }
    if (size < headerLength) throw new UnreadableError('it is damaged: a box has an impossible length');
    boxes.push({ type, start: at + headerLength, end: Math.min(at + size, span.end) });
    if (type === until) break;
    at += size;
  }
  return boxes;
}

function bodyOf(file: HeldBytes, span: Span, type: string, skipped: number): Span {
  const box = boxesIn(file, span, type).find((candidate) => candidate.type === type);
  if (box === undefined) throw new UnreadableError(`it has no ${type} box, which says what is in it`);
  return { start: box.start + skipped, end: box.end };
}

function primaryItem(file: HeldBytes, meta: Span): number {
  const { start } = bodyOf(file, meta, 'pitm', 0);
  const version = file.read(start, start + 1)[0] ?? 0;
  return version === 0 ? viewOf(file, start + 4, 2).getUint16(0) : viewOf(file, start + 4, 4).getUint32(0);
}

/** The properties of an item, as places in the list of all properties, counted from 1. */
function associations(file: HeldBytes, { start, end }: Span, wanted: number): readonly number[] {
  const view = viewOf(file, start, end - start);
  const wideItems = view.getUint8(0) > 0;
  const wideIndexes = (view.getUint8(3) & 1) === 1;
  const items = view.getUint32(4);
  let at = 8;
  for (let item = 0; item < items; item++) {
    const id = wideItems ? view.getUint32(at) : view.getUint16(at);
    at += wideItems ? 4 : 2;
    const count = view.getUint8(at);
    at += 1;
    const indexes: number[] = [];
    for (let index = 0; index < count; index++) {
      indexes.push(wideIndexes ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f);
      at += wideIndexes ? 2 : 1;
    }
    if (id === wanted) return indexes;
  }
  return [];
}

function viewOf(file: HeldBytes, start: number, length: number): DataView {
  const bytes = file.read(start, start + length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
