import type { JsonObject } from '../../core/canonical-json.ts';
import type { Mode } from '../../core/mode.ts';

/** The owner of requests: a provider's origin (`loopback` for every loopback origin) and the manifest's project. */
export interface LedgerScope {
  readonly provider: string;
  readonly project: string;
}

/** The name of a request within a scope: no other request has both. */
export interface RequestIdentity {
  readonly key: string;
  readonly fingerprint: string;
}

/** A request as the ledger keeps it, from the moment a run reserves it. */
export interface LedgerRequest extends RequestIdentity {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  readonly body: JsonObject;
}

/** The contents of a request, and its number of take. Scene, shot and variant are in its key. */
export type SentRequest = Pick<LedgerRequest, 'take' | 'model' | 'mode' | 'body'>;

/** The name under which a request is filed, beside its provider and fingerprint. */
export interface Place {
  readonly project: string;
  readonly key: string;
}

/** A task of a request. */
export interface TaskIdentity extends RequestIdentity {
  readonly taskId: string;
}
