import type { MediaReading, PixelSize } from './facts.ts';
import { readHeif } from './heif.ts';
import type { HeldBytes } from './held-bytes.ts';
import { readJpeg } from './jpeg.ts';
import { UnreadableError } from './unreadable.ts';

/**
 * The pixel size of an image. `format` is its name from `formatOf`.
 *
 * @throws MissingBytes, UnreadableError
 */
export async function readImage(file: HeldBytes, format: string): Promise<MediaReading> {
  const { width, height } = await readSize(file, format);
  if (![width, height].every((side) => Number.isInteger(side) && side > 0)) {
    throw new UnreadableError('it says that it has no pixels');
  }
  return { kind: 'image', format, width, height, duration: null, frameDuration: null, unknown: null };
}

async function readSize(file: HeldBytes, format: string): Promise<PixelSize> {
  switch (format) {
    case 'jpeg':
      return readJpeg(file);
    case 'heic':
    case 'avif':
      return readHeif(file);
    case 'tiff':
      return sizeByLibrary(tiffWithItsDirectoryFirst(file));
    default:
      return sizeByLibrary(file.read(0, headerLength));
  }
}

/** The formats left to the library say their size within this many bytes. */
const headerLength = 4096;

async function sizeByLibrary(bytes: Uint8Array): Promise<PixelSize> {
  const { imageSize } = await import('image-size');
  try {
    return imageSize(bytes);
  } catch {
    throw new UnreadableError('it is damaged, or of a variety that is not read');
  }
}

/**
 * A TIFF's directory, which holds the size, is wherever the header points, often at the end of the file; the library
 * wants everything before it. It gets a header and a directory, side by side.
 */
function tiffWithItsDirectoryFirst(file: HeldBytes): Uint8Array {
  const header = view(file.read(0, 16));
  const littleEndian = header.getUint8(0) === 0x49;
  const isBig = header.getUint16(2, littleEndian) === 43;
  const directory = isBig ? Number(header.getBigUint64(8, littleEndian)) : header.getUint32(4, littleEndian);
  const countLength = isBig ? 8 : 2;
  const first = view(file.read(directory, directory + countLength));
  if (first.byteLength < countLength) throw new UnreadableError('its directory is cut off');
  const count = isBig ? Number(first.getBigUint64(0, littleEndian)) : first.getUint16(0, littleEndian);
  const length = countLength + Math.min(count, maxTiffEntries) * (isBig ? 20 : 12);
  const headerBytes = isBig ? 16 : 8;
  // The spare bytes at the end are there because the library does not look at an entry that ends the data.
  const bytes = new Uint8Array(headerBytes + length + 1);
  bytes.set(file.read(0, headerBytes));
  bytes.set(file.read(directory, directory + length), headerBytes);
  if (isBig) view(bytes).setBigUint64(8, BigInt(headerBytes), littleEndian);
  else view(bytes).setUint32(4, headerBytes, littleEndian);
  return bytes;
}

const maxTiffEntries = 300;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
