import { StoppedError } from '../core/errors.ts';

/** What an approved plan was approved against has moved. Nothing was sent. */
export class PlanOutOfDateError extends StoppedError {}
