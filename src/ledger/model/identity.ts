import type { JsonObject } from '../../core/canonical-json.ts';
import type { Mode } from '../../core/mode.ts';

/** Whose requests: a provider's origin (`loopback` for every loopback origin) and the manifest's project. */
export interface LedgerScope {
  readonly provider: string;
  readonly project: string;
}

/** What makes a request this request and no other, within a scope. */
export interface RequestIdentity {
  readonly key: string;
  readonly fingerprint: string;
}

/** What the ledger keeps of a request from the moment a run reserves it. */
export interface LedgerRequest extends RequestIdentity {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  readonly body: JsonObject;
}

/** What a request sends, and under which number of take. Scene, shot and variant are in its key. */
export type SentRequest = Pick<LedgerRequest, 'take' | 'model' | 'mode' | 'body'>;

/** Under what a request is filed, beside its provider and fingerprint. */
export interface Place {
  readonly project: string;
  readonly key: string;
}

/** A task of a request. */
export interface TaskIdentity extends RequestIdentity {
  readonly taskId: string;
}
