// <rollout-preview> as one script, with the core in it: dist/rollout-preview.js. A classic script,
// since pages that are opened from a file may not load modules.
import {defineConfig, type Plugin} from 'vite';

/** One module is enough: the one that runs everywhere. */
const oneKernel: Plugin = {
  name: 'one-kernel',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source !== './lockstep-inline.js') return null;
    return this.resolve('./lockstep-scalar-inline.js', importer, {skipSelf: true});
  },
};

export default defineConfig({
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
  plugins: [oneKernel],
});
