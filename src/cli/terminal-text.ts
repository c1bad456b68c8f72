import { harmless } from '../lint/formats/harmless.ts';
import type { Output } from './io.ts';

/** A colour or weight of letters, none of which hides them, or what would steer a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const steering = /(\x1b\[(?!8m)\d{1,3}m)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/g;

/** Characters that a file or program may hold, and a person should not see: other controls, and turned writing. */
const turning = /[\x80-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * An output on which nothing can move the cursor but the program itself. What comes from a provider is cleaned where it comes
 * in; a ledger of the first release, or one that somebody else made, holds it as it came.
 *
 * @param isRead by people: results that go to a file or another program are left exact but for what steers a terminal.
 */
export function withoutSteering(output: Output, isRead: boolean): Output {
  const clean = (text: string): string => {
    const still = text.replace(steering, (found, colour: string | undefined) => colour ?? harmless(found));
    return isRead ? still.replace(turning, (found) => harmless(found)) : still;
  };
  return Object.create(output, { write: { value: (text: string) => output.write(clean(text)) } });
}
