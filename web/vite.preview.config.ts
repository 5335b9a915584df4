// <rollout-preview> as one script, with the core in it: dist/rollout-preview.js. A classic script,
// since pages that are opened from a file may not load modules.
import {defineConfig, type Plugin} from 'vite';

/** One module is enough: that which draws, in the kernel that runs everywhere. */
const oneModule: Plugin = {
  name: 'one-module',
  enforce: 'pre',
  resolveId(source, importer) {
    if (/^\.\/lockstep-more.*-inline\.js$/.test(source)) return '\0not-asked-for';
    if (source !== './lockstep-inline.js') return null;
    return this.resolve('./lockstep-scalar-inline.js', importer, {skipSelf: true});
  },
  load: (id) => (id === '\0not-asked-for' ? 'export const base64 = undefined;' : null),
};

export default defineConfig({
  define: {'import.meta.url': 'undefined'}, // a classic script has none, and asks for no file
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: 'src/preview/rollout-preview.ts',
      formats: ['iife'],
      name: 'rolloutPreview',
      fileName: () => 'rollout-preview.js',
    },
  },
  plugins: [oneModule],
});
