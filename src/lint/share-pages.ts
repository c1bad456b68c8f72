/** A link that leads people to a page about a file. */
export interface SharePage {
  /** The service whose page it is. */
  readonly service: string;
  /** The address of the file itself; null where the service has none that lasts. */
  readonly direct: string | null;
}

type Judge = (url: URL) => SharePage | null;

/** By host, without `www.`: what its links that are meant for people look like. */
const services: readonly { readonly host: RegExp; readonly judge: Judge }[] = [
  { host: /^(?:drive|docs)\.google\.com$/, judge: googleDrive },
  { host: /^photos\.(?:google\.com|app\.goo\.gl)$/, judge: page('Google Photos') },
  { host: /^dropbox\.com$/, judge: dropbox },
  { host: /^(?:1drv\.ms|onedrive\.live\.com)$/, judge: page('OneDrive') },
  { host: /\.sharepoint\.com$/, judge: sharePoint },
  { host: /^github\.com$/, judge: gitHub },
  { host: /^gitlab\.com$/, judge: gitLab },
  { host: /^huggingface\.co$/, judge: huggingFace },
  { host: /^imgur\.com$/, judge: imgur },
  { host: /(?:^|\.)box\.com$/, judge: box },
  { host: /^(?:we\.tl|wetransfer\.com)$/, judge: page('WeTransfer') },
  { host: /^(?:icloud\.com|share\.icloud\.com)$/, judge: page('iCloud') },
  { host: /^(?:app\.frame\.io|f\.io)$/, judge: page('Frame.io') },
  { host: /^pan\.baidu\.com$/, judge: page('Baidu Netdisk') },
  { host: /^(?:[\w-]+\.)?(?:alipan|aliyundrive)\.com$/, judge: page('Aliyun Drive') },
  { host: /^pan\.quark\.cn$/, judge: page('Quark') },
  { host: /^mega\.(?:nz|io)$/, judge: page('MEGA') },
  { host: /^(?:youtube\.com|youtu\.be)$/, judge: page('YouTube') },
  { host: /^vimeo\.com$/, judge: page('Vimeo') },
];

/**
 * The page that a URL leads to where it was copied from a service's "Share" button; null for any other. Told by the URL
 * alone, without a network.
 */
export function sharePageOf(url: URL): SharePage | null {
  const host = url.hostname.toLowerCase().replace(/^www\./, '');
  return services.find((service) => service.host.test(host))?.judge(url) ?? null;
}

function page(service: string): Judge {
  return () => ({ service, direct: null });
}

function googleDrive(url: URL): SharePage | null {
  if (url.pathname === '/uc') return null;
  const id =
    /^\/(?:a\/[^/]+\/)?file(?:\/u\/\d+)?\/d\/([\w-]+)/.exec(url.pathname)?.[1] ??
    (/^\/(?:open|thumbnail)$/.test(url.pathname) ? url.searchParams.get('id') : null);
  const direct =
    id === null ? null : `https://drive.google.com/uc?export=download&id=${encodeURIComponent(id)}`;
  return { service: 'Google Drive', direct };
}

/** `dl=1` and `raw=1` lead to the file. */
function dropbox(url: URL): SharePage | null {
  if (!/^\/(?:s|scl|sh)\//.test(url.pathname)) return null;
  if (url.searchParams.get('dl') === '1' || url.searchParams.get('raw') === '1') return null;
  if (/^\/(?:sh|scl\/fo)\//.test(url.pathname)) return { service: 'Dropbox', direct: null };
  const direct = new URL(url);
  direct.searchParams.set('dl', '1');
  return { service: 'Dropbox', direct: direct.href };
}

function sharePoint(url: URL): SharePage | null {
  return /^\/:[a-z]:\//.test(url.pathname) && !url.searchParams.has('download')
    ? { service: 'SharePoint', direct: null }
    : null;
}

function gitHub(url: URL): SharePage | null {
  const [, repository, rest] = /^\/([^/]+\/[^/]+)\/blob\/(.+)$/.exec(url.pathname) ?? [];
  if (repository === undefined || url.searchParams.get('raw') === 'true') return null;
  return { service: 'GitHub', direct: `https://raw.githubusercontent.com/${repository}/${rest}` };
}

function gitLab(url: URL): SharePage | null {
  const path = url.pathname.replace('/-/blob/', '/-/raw/');
  return path === url.pathname ? null : { service: 'GitLab', direct: `${url.origin}${path}` };
}

function huggingFace(url: URL): SharePage | null {
  const path = url.pathname.replace('/blob/', '/resolve/');
  return path === url.pathname ? null : { service: 'Hugging Face', direct: `${url.origin}${path}` };
}

function imgur(url: URL): SharePage | null {
  return /\.\w+$/.test(url.pathname) ? null : { service: 'Imgur', direct: null };
}

function box(url: URL): SharePage | null {
  return /^\/s\//.test(url.pathname) ? { service: 'Box', direct: null } : null;
}
