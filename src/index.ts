export type { Diagnostic } from './core/diagnostic.ts';
