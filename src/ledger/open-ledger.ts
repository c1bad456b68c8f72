export { type OpenLedgerOptions, openLedger, openLedgerForReading } from './sqlite/sqlite-ledger.ts';
