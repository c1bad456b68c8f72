import { namedCharacter } from '../core/characters.ts';
import { referenceLookAlikes } from './reference-look-alikes.ts';
import { shown } from './words.ts';

/** Tells what keeps a text from being a URL that the provider can fetch, and what to do; undefined where nothing does. */
export function judgeUrl(text: string): { readonly message: string; readonly help: string } | undefined {
  if (isAbsoluteUrl(text)) return undefined;
  if (text.trim() === '') return { message: 'The media URL is empty', help: 'Give an absolute http(s) URL' };
  const joined = twoInOne.exec(text)?.[1];
  if (joined !== undefined) {
    return {
      message: `${shown(text)} is two URLs with ${namedCharacter(joined)} between them`,
      help: 'Part items of a list with `, `, a comma and a space',
    };
  }
  const message = `${shown(text)} is neither an absolute http(s) URL nor a path`;
  const [reference] = referenceLookAlikes(text);
  if (reference !== undefined) return { message, help: `Write \`${reference.meant}\` for the asset` };
  const odd = /[“”‘’「」：／]/.exec(text)?.[0];
  if (odd !== undefined && isAbsoluteUrl(plainly(text))) {
    return { message: `${message}: it holds ${namedCharacter(odd)}`, help: `Write ${shown(plainly(text))}` };
  }
  if (/\s/.test(text)) return { message: `${shown(text)} holds white space`, help: spaceHelp(text) };
  if (text.startsWith('//')) return { message, help: `Write the scheme too: ${shown(`https:${text}`)}` };
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(text)?.[1]?.toLowerCase();
  switch (scheme) {
    case 'http':
    case 'https':
      return { message, help: `Write it whole, such as \`${scheme}://cdn.example.com/mika.png\`` };
    case undefined:
    case 'file':
      return { message, help: 'Write the path alone, relative to this file: `plates/mika.png`' };
    case 'data':
    case 'blob':
      return { message, help: upload };
    default:
      return {
        message,
        help: `The provider does not know \`${scheme}:\`: give the https URL under which anyone can fetch the file, or a signed one`,
      };
  }
}

/** True where a text is a URL that a provider could try to fetch. */
export function isAbsoluteUrl(text: string): boolean {
  return absoluteUrl(text) !== undefined;
}

/** Two addresses in one item of a list, parted by what only looks like a comma. */
const twoInOne = /^https?:\/\/[^?#]*?([，、；])\s*https?:\/\//i;

function plainly(text: string): string {
  return text
    .replace(/[“”‘’「」]/g, '')
    .replaceAll('：', ':')
    .replaceAll('／', '/');
}

/** The URL that a text is; undefined where it is none that a provider could try to fetch. */
export function absoluteUrl(text: string): URL | undefined {
  if (!absolute.test(text) || (text.includes('://', 8) && twoInOne.test(text))) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** A scheme, a host, and neither white space nor backslashes, which readers of URLs treat each in their own way. */
const absolute = /^https?:\/\/[^\s\\/?#][^\s\\]*$/i;

const upload =
  'Save it as a file and give its path, which `store` uploads; or upload it to public storage and give its https URL';

/** `cdn.example.com/mika.png`, where `art/mika.png` is a path and `mika.png` a file: perhaps a URL without its scheme. */
export function looksLikeHost(text: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d+)?\/./i.test(text);
}

function spaceHelp(text: string): string {
  return text.trim() === text
    ? 'Write a space in a URL as `%20`; one URL is one item of a list'
    : 'Remove the white space around it';
}
