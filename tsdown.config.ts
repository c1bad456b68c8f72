import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { defineConfig, type Rolldown, type UserConfig } from 'tsdown';

/** Loaded from their own folders: they are native, or large and seldom needed, or patched by tests of the whole program. */
const apart = [/^pg$/, /^@photostructure\/sqlite/, /^undici/, /^mediabunny/, /^image-size/];

const common: UserConfig = {
  // CommonJS starts sooner than modules, and V8 can keep its code in every version of Node.js.
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  deps: { neverBundle: apart, alwaysBundle: [/./], onlyBundle: false },
  dts: false,
  clean: false,
};

export default defineConfig([
  // What answers before anything else is loaded.
  { ...common, entry: { main: 'src/main.ts' }, plugins: [commonJs()], clean: true },
  {
    ...common,
    entry: { program: 'src/program.ts' },
    // One file is opened sooner than two hundred; what a command does not need is not run.
    // Node.js gives `import()` to code that it did not load itself only with a warning.
    outputOptions: { codeSplitting: false, dynamicImportInCjs: false },
    plugins: [
      serversApart(),
      chineseApart(),
      oneNameForBuiltIns(),
      startingLate(),
      lazyBuiltIns(),
      asciiOnly(),
      licenses(),
    ],
  },
  // The messages in another language, which only their readers load.
  { ...common, entry: { zh: 'src/language/zh/index.ts' }, plugins: [asciiOnly()] },
  {
    ...common,
    // The thread that reads media, and the servers, are loaded by their file names, which are these keys.
    entry: {
      index: 'src/index.ts',
      'media-worker': 'src/media/worker.ts',
      'mcp-server': 'src/server/mcp/serve.ts',
    },
    dts: { entry: ['src/index.ts'] },
    plugins: [licenses('THIRD-PARTY-LICENSES-LIBRARY.txt')],
  },
]);

/** A server is a file of its own, which no other command opens. */
function serversApart(): Rolldown.Plugin {
  return {
    name: 'servers-apart',
    resolveId: (id) => {
      const [, server] = /\/server\/(mcp)\/serve\.ts$/.exec(id) ?? [];
      return server === undefined ? undefined : { id: `./${server}-server.js`, external: true };
    },
  };
}

/** Who reads English must not wait for thousands of messages in Chinese to be read. */
function chineseApart(): Rolldown.Plugin {
  return {
    name: 'chinese-apart',
    resolveId: (id) => (id.endsWith('/language/zh/index.ts') ? { id: './zh.js', external: true } : undefined),
  };
}

/** `stream` and `node:stream` are one module, and get one name. */
function oneNameForBuiltIns(): Rolldown.Plugin {
  return {
    name: 'one-name-for-built-ins',
    resolveId: (id) => (builtinModules.includes(id) ? { id: `node:${id}`, external: true } : undefined),
  };
}

/**
 * What libraries start when they are loaded, and few calls need: commander other programs, for subcommands that are files of
 * their own, of which there are none; string-width what divides text of any language into characters.
 */
function startingLate(): Rolldown.Plugin {
  return {
    name: 'starting-late',
    transform: (code, id) => {
      if (/\/commander\/lib\/command\.js$/.test(id))
        return code.replace("require('node:child_process')", '{}');
      if (!/\/string-width\/index\.js$/.test(id)) return undefined;
      return code
        .replace('const segmenter = new Intl.Segmenter();', 'let segmenter;')
        .replace('segmenter.segment(', '(segmenter ??= new Intl.Segmenter()).segment(');
    },
  };
}

/**
 * Loads a module of Node.js when it is first used. In one file all of them would be loaded at its begin: for a lint the
 * network, cryptography and threads too, which takes longer than the lint itself.
 */
function lazyBuiltIns(): Rolldown.Plugin {
  const loading = /^let (node_\w+) = require\("(node:[\w/]+)"\);\n(?:\1 = __toESM\(\1(?:, 1)?\);\n)?/gm;
  return {
    name: 'lazy-built-ins',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        const names = new Set<string>();
        const getters: string[] = [];
        const code = file.code.replace(loading, (text, name: string, id: string) => {
          const module = text.includes('__toESM') ? `__toESM(require("${id}"), 1)` : `require("${id}")`;
          names.add(name);
          getters.push(`get ${name}() { return builtIn("${name}", ${module}); }`);
          return getters.length === 1 ? '/* built-ins */' : '';
        });
        const used = code.replace(/(?<![\w$.])node_\w+(?![\w$])/g, (name) =>
          names.has(name) ? `builtIns.${name}` : name,
        );
        file.code = used.replace('/* built-ins */', () => lazily(getters));
      }
    },
  };
}

function lazily(getters: readonly string[]): string {
  return `const builtIn = (name, value) => {
	Object.defineProperty(builtIns, name, { value });
	return value;
};
const builtIns = {
	${getters.join(',\n\t')}
};
`;
}

/** A text of ASCII alone takes half the memory, and is read without decoding. */
function asciiOnly(): Rolldown.Plugin {
  return {
    name: 'ascii-only',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk') continue;
        file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
      }
    },
  };
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The licenses of the packages that are part of the program ask for being passed on with it. */
function licenses(fileName = 'THIRD-PARTY-LICENSES.txt'): Rolldown.Plugin {
  return {
    name: 'licenses',
    generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const folder = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0];
        if (folder !== undefined) folders.add(folder);
      }
      const texts = [...folders].sort().flatMap((folder) => {
        const named = readdirSync(folder).filter((name) => /^(?:licen[cs]e|notice|copying)/i.test(name));
        const text = named.map((name) => readFileSync(path.join(folder, name), 'utf8').trim()).join('\n\n');
        return [`${path.basename(folder)}\n${'='.repeat(72)}\n\n${text}\n`];
      });
      this.emitFile({ type: 'asset', fileName, source: texts.join('\n\n') });
    },
  };
}

/** Says that what stands beside it is CommonJS. */
function commonJs(): Rolldown.Plugin {
  return {
    name: 'common-js',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
    },
  };
}
