import { describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { defaultBaseUrl, likelyBaseUrl, parseBaseUrl, providerScope } from '../../src/provider/base-url.ts';
import { fc } from '../helpers/fast-check.ts';

describe('a base URL', () => {
  it.each([
    [defaultBaseUrl, defaultBaseUrl],
    [`${defaultBaseUrl}/`, defaultBaseUrl],
    [`  ${defaultBaseUrl}//\n`, defaultBaseUrl],
    ['HTTPS://Videos.Example:443/Base', 'https://videos.example/Base'],
    ['https://videos.example:8443', 'https://videos.example:8443/'],
    ['http://127.0.0.1:4010/x', 'http://127.0.0.1:4010/x'],
    ['http://127.8.9.10', 'http://127.8.9.10/'],
    ['http://[::1]:4010', 'http://[::1]:4010/'],
    ['http://localhost:4010', 'http://localhost:4010/'],
    ['http://emulator.localhost', 'http://emulator.localhost/'],
    ['http://LOCALHOST.:80', 'http://localhost./'],
    ['https://[2001:db8::1]/a', 'https://[2001:db8::1]/a'],
  ])('%s is taken as %s', (text, expected) => {
    expect(parseBaseUrl(text).href).toBe(expected);
  });

  it.each([
    ['', 'is empty'],
    ['zcbservice.aizfw.cn/kyyReactApiServer', 'does not start with https://'],
    ['localhost:4010', 'does not start with https://'],
    ['https://', 'is not a URL'],
    ['https://a b', 'is not a URL'],
    ['ftp://videos.example', 'ftp:'],
    ['file:///etc/passwd', 'file:'],
    ['http://videos.example', 'not encrypted'],
    ['http://127.0.0.1.videos.example', 'not encrypted'],
    ['http://localhost.videos.example', 'not encrypted'],
    ['http://notlocalhost', 'not encrypted'],
    ['http://10.0.0.1', 'not encrypted'],
    ['https://key@videos.example', 'user name or password'],
    ['https://videos.example/?key=sk-1', 'query'],
    ['https://videos.example/#part', 'fragment'],
  ])('%j is turned down: %s', (text, why) => {
    expect(() => parseBaseUrl(text, 'SHOTLIST_BASE_URL')).toThrow(SetupError);
    expect(() => parseBaseUrl(text, 'SHOTLIST_BASE_URL')).toThrow(why);
    expect(() => parseBaseUrl(text, 'SHOTLIST_BASE_URL')).toThrow(/^SHOTLIST_BASE_URL /);
  });

  it('is not repeated where it may hold a secret', () => {
    for (const text of [
      'https://user:hush@a',
      'https://a/?key=hush',
      'https://a/#hush',
      'hush',
      'https://hu sh',
    ]) {
      expect(() => parseBaseUrl(text)).toThrow(/^(?!.*hush)/);
    }
  });

  it('is either a URL that keeps the rules or a SetupError, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.webUrl({ withFragments: true, withQueryParameters: true })),
        (text) => {
          try {
            const url = parseBaseUrl(text);
            expect(url.search + url.hash + url.username + url.password).toBe('');
            if (url.protocol === 'http:') expect(providerScope(url)).toBe('loopback');
          } catch (error) {
            expect(error).toBeInstanceOf(SetupError);
          }
        },
      ),
    );
  });
});

describe('the scope in the ledger', () => {
  it.each([
    ['https://videos.example/a', 'https://videos.example'],
    ['https://videos.example:8443/b', 'https://videos.example:8443'],
    ['https://Videos.Example.:443/b/', 'https://videos.example'],
    ['https://videos.example.:8443/b', 'https://videos.example:8443'],
    ['http://127.0.0.1:4010', 'loopback'],
    ['https://127.0.0.1:4011', 'loopback'],
    ['http://127.200.0.1', 'loopback'],
    ['http://localhost:1', 'loopback'],
    ['http://a.localhost', 'loopback'],
    ['http://[::1]', 'loopback'],
  ])('of %s is %s', (text, scope) => {
    expect(providerScope(parseBaseUrl(text))).toBe(scope);
  });
});

describe('the base URL that was probably meant', () => {
  it.each([
    // The provider's own host.
    ['https://zcbservice.aizfw.cn', defaultBaseUrl],
    ['https://zcbservice.aizfw.cn/kyyReactApiServer/kyyReactApiServer', defaultBaseUrl],
    ['https://zcbservice.aizfw.cn/kyyReactApiServer/v1/videos', defaultBaseUrl],
    ['https://zcbservice.aizfw.cn/KyyReactApiServer', defaultBaseUrl],
    [defaultBaseUrl, null],
    // Somebody else's.
    ['https://videos.example/gate/gate', 'https://videos.example/gate'],
    ['https://videos.example/gate/v1/videos/videos', 'https://videos.example/gate'],
    ['https://videos.example/gate/v1', 'https://videos.example/gate'],
    ['https://videos.example', 'https://videos.example/kyyReactApiServer'],
    ['https://videos.example/v1', 'https://videos.example/kyyReactApiServer'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/kyyReactApiServer'],
    ['https://videos.example/gate', null],
  ])('for %s is %s', (given, likely) => {
    expect(likelyBaseUrl(parseBaseUrl(given))).toBe(likely);
  });
});
