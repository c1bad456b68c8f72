import type { IncomingMessage } from 'node:http';

const largestBytes = 8 * 1024 * 1024;

/** The text of a request's body, or why there is none: the client left before its end, or there is too much of it. */
export function readBody(
  request: IncomingMessage,
): Promise<{ readonly text: string } | 'incomplete' | 'tooLarge'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > largestBytes) {
        request.removeAllListeners('data').resume();
        resolve('tooLarge');
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve({ text: Buffer.concat(chunks).toString('utf8') }));
    request.on('close', () => resolve('incomplete'));
    request.on('error', () => resolve('incomplete'));
  });
}
