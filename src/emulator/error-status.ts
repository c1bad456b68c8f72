import { html, json, type Reply } from './answer.ts';
import { errorEnvelope } from './envelope.ts';
import { pick } from './random.ts';

const statusTexts: Readonly<Record<number, string>> = {
  400: 'The prompt contains prohibited content',
  401: 'Invalid API key',
  402: '余额不足 (insufficient balance)',
  403: 'Access denied',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  429: 'Too many requests',
  500: 'Internal server error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/**
 * The answer of a gateway that fails with a status, written as a number or as a family (`5xx`), with a page of HTML where
 * a proxy would answer.
 *
 * @param retryAfter the text of the Retry-After header; `date+30` stands for the HTTP date 30 seconds after `nowMs`.
 * @param fraction in [0, 1), chooses within a family.
 */
export function errorStatus(
  written: string,
  retryAfter: string | null,
  nowMs: number,
  fraction: number,
): Reply {
  const status = statusOf(written, fraction);
  const headers: Record<string, string> = {};
  if (retryAfter !== null) headers['retry-after'] = retryAfterHeader(retryAfter, nowMs);
  if (status < 400) headers['location'] = 'http://127.0.0.1:9/login';
  const text = statusTexts[status] ?? `Status ${status}`;
  const answer =
    status >= 502 && status <= 504
      ? html(status, `${status} ${text}`)
      : json(status, errorEnvelope(status, text));
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function statusOf(written: string, fraction: number): number {
  if (written === '3xx') return pick([301, 302, 307], fraction);
  if (written === '4xx') return pick([400, 413, 422, 451], fraction);
  if (written === '5xx') return pick([500, 502, 503, 504], fraction);
  return Number(written);
}

function retryAfterHeader(text: string, nowMs: number): string {
  const ahead = /^date\+(\d+)$/.exec(text)?.[1];
  return ahead === undefined ? text : new Date(nowMs + Number(ahead) * 1000).toUTCString();
}
