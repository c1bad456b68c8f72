import type { Json, JsonObject } from '../core/canonical-json.ts';
import { json, type Reply } from './answer.ts';

/**
 * The style of the emulator's errors, since the gateway has been seen to do both: `envelope` is HTTP 200 with an error
 * code in the body, `status` is the fitting HTTP status with the same body.
 */
export type ErrorStyle = 'envelope' | 'status';

/** The gateway's error envelope. Its `requestId` is there because gateways send one, and it is no task id. */
export function errorEnvelope(code: Json, message: string): JsonObject {
  return { code, data: null, msg: message, requestId: 'req_emulator' };
}

/** The gateway's answer to a key that it does not know: "login check failed", under a code that reads like success. */
export function loginRefusal(style: ErrorStyle): Reply {
  return json(style === 'envelope' ? 200 : 401, { code: '204', msg: '登录验证失败' });
}

/** The gateway's answer to a path that it does not serve, which is what a wrong base URL meets. */
export function noHandler(style: ErrorStyle, method: string, path: string): Reply {
  const status = style === 'envelope' ? 200 : 404;
  return json(status, { code: 500, data: null, msg: `No handler found for ${method} ${path}` });
}

/** The provider says no to a request, for example to a parameter, and makes no task. */
export function refusal(style: ErrorStyle, status: number, message: string): Reply {
  return json(style === 'envelope' ? 200 : status, errorEnvelope(status, message));
}
