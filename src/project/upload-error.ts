import { ShotlistError } from '../core/errors.ts';

/** Local files could not be uploaded, so that what needs them was not sent. */
export class UploadError extends ShotlistError {}
