import { boxesIn, boxIn, viewOf } from './boxes.ts';
import type { ByteRange, PixelSize } from './facts.ts';
import type { HeldBytes } from './held-bytes.ts';
import { UnreadableError } from './unreadable.ts';

/**
 * The size of a HEIC or AVIF picture as displayed: the primary item's, cropped and rotated as its properties say. A
 * phone's picture is a grid of small tiles, so the first size in the file is not the picture's.
 *
 * @throws MissingBytes, UnreadableError
 */
export function readHeif(file: HeldBytes): PixelSize {
  const box = boxIn(file, { start: 0, end: file.size }, 'meta');
  const meta = { start: box.start + 4, end: box.end };
  const primary = primaryItem(file, meta);
  const properties = boxIn(file, meta, 'iprp');
  const all = boxesIn(file, boxIn(file, properties, 'ipco'));
  const mine = associations(file, boxIn(file, properties, 'ipma'), primary).map((index) => all[index - 1]);

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

function primaryItem(file: HeldBytes, meta: ByteRange): number {
  const { start } = boxIn(file, meta, 'pitm');
  const version = file.read(start, start + 1)[0] ?? 0;
  return version === 0 ? viewOf(file, start + 4, 2).getUint16(0) : viewOf(file, start + 4, 4).getUint32(0);
}

/** The properties of an item, as places in the list of all properties, counted from 1. */
function associations(file: HeldBytes, { start, end }: ByteRange, wanted: number): readonly number[] {
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
