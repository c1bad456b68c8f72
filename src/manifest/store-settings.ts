import path from 'node:path';
import type { Source, StoreSettings } from './model.ts';
import type { StatedFile } from './validate.ts';

/** A day: longer than any task was seen to wait. */
const defaultExpires = 24 * 3600;

/** Reads `store`; null where there is none that can be used. */
export function storeSettings(
  { s3, endpoint, region, pathStyle, publicBase, expires, roots }: NonNullable<StatedFile['store']>,
  source: Source,
  cwd: string,
): StoreSettings | null {
  if (s3 === undefined) return null;
  const [bucket = '', ...prefix] = s3.split('/').filter((part) => part !== '');
  const folder = source.absolutePath === null ? cwd : path.dirname(source.absolutePath);
  return {
    bucket,
    prefix: prefix.join('/'),
    endpoint: endpoint?.replace(/\/+$/, '') ?? null,
    region: region ?? null,
    pathStyle: pathStyle ?? null,
    publicBase: publicBase?.replace(/\/+$/, '') ?? null,
    expires: expires === undefined ? defaultExpires : secondsOf(expires),
    roots: (roots ?? []).flatMap((root) => (root === undefined ? [] : [path.resolve(folder, root)])),
    origin: { source, path: ['store'] },
  };
}

function secondsOf(text: string): number {
  const amount = Number.parseInt(text, 10);
  return amount * (text.endsWith('d') ? 24 * 3600 : text.endsWith('h') ? 3600 : 60);
}

/** A store with everything that the environment says of it. */
export interface Store extends StoreSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
}

/** Settings of a store by the environment, where its manifest states none. */
export interface StoreDefaults {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}

/** The store in force. */
export function storeInForce(settings: StoreSettings, defaults: StoreDefaults): Store {
  const region = settings.region ?? defaults.region ?? 'us-east-1';
  const stated = settings.endpoint ?? defaults.endpoint?.replace(/\/+$/, '');
  const endpoint = stated ?? `https://s3.${region}.amazonaws.com`;
  const { hostname } = URL.canParse(endpoint) ? new URL(endpoint) : { hostname: '' };
  const isAmazon = /(?:^|\.)amazonaws\.com(?:\.cn)?$/i.test(hostname);
  return { ...settings, endpoint, region, pathStyle: settings.pathStyle ?? !isAmazon };
}

/** The name of an object in its bucket. */
export function objectKey({ prefix }: StoreSettings, name: string): string {
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The address at which the store's own service has an object, without a signature. */
export function objectUrl(store: Store, name: string): string {
  const { endpoint, bucket, pathStyle } = store;
  const key = objectKey(store, name).split('/').map(encodeURIComponent).join('/');
  if (pathStyle) return `${endpoint}/${bucket}/${key}`;
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.protocol}//${bucket}.${url.host}${path}/${key}`;
}

/** The address that a request names: where anyone can read the object, or where a signature is added right before it is sent. */
export function sentUrl(store: Store, name: string): string {
  return store.publicBase === null ? objectUrl(store, name) : `${store.publicBase}/${name}`;
}

/** The name of the object that holds these bytes: by content alone, so that no two uploads ever differ in it. */
export function objectName(sha256: string, extension: string): string {
  return `${sha256}.${extension}`;
}
