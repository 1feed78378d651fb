/** Builds the dashboard into `build/dashboard`, as files that a strict content security policy lets in: nothing inline, nothing from elsewhere. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  // relative, so that it works below whatever path it is served
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: here('../../../build/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
