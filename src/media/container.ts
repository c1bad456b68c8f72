import type { Input, InputFormat, InputTrack, InputVideoTrack } from 'mediabunny';
import { boxIn, viewOf } from './boxes.ts';
import type { MediaReading } from './facts.ts';
import type { HeldBytes } from './held-bytes.ts';
import { UnreadableError, whyUnreadable } from './unreadable.ts';

type Library = typeof import('mediabunny');

/** Readers of the library that may be tried on a format of `formatOf`. None of them follows a link to another file. */
const readers: Readonly<Record<string, readonly (keyof Library)[]>> = {
  mp4: ['MP4', 'QTFF'],
  mov: ['QTFF', 'MP4'],
  m4a: ['MP4', 'QTFF'],
  webm: ['WEBM', 'MATROSKA'],
  matroska: ['MATROSKA', 'WEBM'],
  ogg: ['OGG'],
  wav: ['WAVE'],
  flac: ['FLAC'],
  aac: ['ADTS'],
  // An ID3 tag may precede any of these.
  mp3: ['MP3', 'FLAC', 'ADTS'],
  mpegts: ['MPEG_TS'],
};

/** Loads the library that reads a format, which takes longer than most files; false where none does. */
export async function loadContainerReader(format: string): Promise<boolean> {
  if (readers[format] === undefined) return false;
  await import('mediabunny');
  return true;
}

/**
 * Kind, duration and size of a file with sound or moving pictures. `format` is its name from `formatOf`.
 *
 * @throws MissingBytes, UnreadableError, and whatever the library throws for a damaged file.
 */
export async function readContainer(
  file: HeldBytes,
  format: string,
  withCodecs = false,
): Promise<MediaReading> {
  const library = await import('mediabunny');
  const names = readers[format];
  if (names === undefined) throw new UnreadableError(`${format} files are not read`);
  const source = new library.CustomSource({
    getSize: () => file.size,
    read: (start, end) => file.read(start, end),
    prefetchProfile: 'none',
    // Every read that matters is awaited, and `file` remembers what was missing.
    handleUnhandledError: () => undefined,
  });
  const input = new library.Input({ source, formats: names.map((name) => library[name] as InputFormat) });
  try {
    const reading = await readTracks(library, input, file, format);
    return withCodecs ? { ...reading, ...(await readCodecs(input)) } : reading;
  } finally {
    input.dispose();
  }
}

async function readCodecs(input: Input): Promise<Pick<MediaReading, 'videoCodec' | 'audioCodec'>> {
  const tracks = await input.getTracks();
  const codecOf = async (track: InputTrack | undefined): Promise<string | null> =>
    track === undefined ? null : ((await track.getCodec()) ?? null);
  return {
    videoCodec: await codecOf(tracks.find((track) => track.isVideoTrack())),
    audioCodec: await codecOf(tracks.find((track) => track.isAudioTrack())),
  };
}

async function readTracks(
  library: Library,
  input: Input,
  file: HeldBytes,
  format: string,
): Promise<MediaReading> {
  const tracks = await input.getTracks();
  const video = tracks.find((track): track is InputVideoTrack => track.isVideoTrack());
  if (tracks.length === 0) throw new UnreadableError('it holds neither pictures nor sound that can be read');
  const size = video === undefined ? null : await displayedSize(video);
  const known = {
    kind: video === undefined ? 'audio' : 'video',
    format,
    width: size?.width ?? null,
    height: size?.height ?? null,
  } as const;
  try {
    const duration = await readDuration(input, tracks, file, format);
    const frameDuration =
      video === undefined ? null : await file.ifHeld(() => readFrameDuration(library, video));
    return { ...known, duration, frameDuration, unknown: null };
  } catch (error) {
    return { ...known, duration: null, frameDuration: null, unknown: whyUnreadable(error) };
  }
}

/**
 * Pixels of the coded picture, turned the way it is shown. Pixels that are not square stay as they are: a limit on
 * resolution counts the pixels that are there.
 */
async function displayedSize(video: InputVideoTrack): Promise<{ width: number; height: number }> {
  const width = await video.getCodedWidth();
  const height = await video.getCodedHeight();
  if (!(width > 0 && height > 0)) throw new UnreadableError('its picture has no size');
  return (await video.getRotation()) % 180 === 0 ? { width, height } : { width: height, height: width };
}

/** Reads the duration in seconds, as players and `ffprobe` count. */
async function readDuration(
  input: Input,
  tracks: InputTrack[],
  file: HeldBytes,
  format: string,
): Promise<number> {
  const stated = madeOfBoxes.includes(format) ? movieDuration(file) : null;
  const duration = stated ?? (await lengthOfTracks(input, tracks, format));
  if (!(duration >= 0 && duration <= maxDuration)) throw new UnreadableError('its duration makes no sense');
  return duration;
}

/** A month, in seconds. Streamed files say that they last for ever. */
const maxDuration = 30 * 24 * 3600;

const madeOfBoxes = ['mp4', 'mov', 'm4a'];

/**
 * Length of an MP4, in seconds, by its header: with edit lists applied, which a clip that was trimmed on a phone
 * consists of. null where it says nothing, as in fragmented files.
 */
function movieDuration(file: HeldBytes): number | null {
  const { start } = boxIn(file, boxIn(file, { start: 0, end: file.size }, 'moov'), 'mvhd');
  const isLong = viewOf(file, start, 1).getUint8(0) === 1;
  const header = viewOf(file, start, isLong ? 32 : 20);
  const scale = header.getUint32(isLong ? 20 : 12);
  const ticks = isLong ? Number(header.getBigUint64(24)) : header.getUint32(16);
  const isUnknown = scale === 0 || ticks === 0 || (!isLong && ticks === 2 ** 32 - 1);
  return isUnknown || ticks / scale > maxDuration ? null : ticks / scale;
}

async function lengthOfTracks(input: Input, tracks: InputTrack[], format: string): Promise<number> {
  const stated = await input.getDurationFromMetadata(tracks);
  const end = stated === null || stated > maxDuration ? await input.computeDuration(tracks) : stated;
  // Matroska states the length; the others, where they end: a broadcast's clock may have started days ago.
  return statesLength.includes(format) ? end : end - Math.max(0, await input.getFirstTimestamp(tracks));
}

const statesLength = ['webm', 'matroska'];

/** Packets that tell the frame rate well enough for a tolerance of half a frame. */
const sampledPackets = 48;
/** Seconds of the longest frame; longer ones are damage, or slides. */
const maxFrameDuration = 10;

/**
 * Average over the first packets. Counted here, because the library's own statistics go on until the timestamps make sense,
 * which in a damaged file is never.
 */
async function readFrameDuration(
  { EncodedPacketSink }: Library,
  video: InputVideoTrack,
): Promise<number | null> {
  const sink = new EncodedPacketSink(video);
  const options = { metadataOnly: true };
  let count = 0;
  let total = 0;
  let packet = await sink.getFirstPacket(options);
  while (packet !== null && count < sampledPackets) {
    count += 1;
    total += packet.duration;
    packet = await sink.getNextPacket(packet, options);
  }
  const average = total / count;
  return average > 0 && average <= maxFrameDuration ? average : null;
}
