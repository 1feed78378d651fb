import eslint from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/build/**',
      '**/dist/**',
      '**/target/**',
      '**/node_modules/**',
      '.tools/**',
      '.epurse/**',
      '**/generated/**',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './jcardsim-ts-bridge/tsconfig.test.json',
          './host/issuer/dashboard/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      // a default that throws is exhaustive too: flows wait for a few events out of many
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off', // an async function that throws is a rejected promise, as its type says
      '@typescript-eslint/unbound-method': 'off', // objects of functions are common here, `this` in them is not
      '@typescript-eslint/only-throw-error': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Randomness comes from node:crypto or from a seeded generator.',
        },
      ],
    },
  },
  // chai's assertions are property reads: expect(x).to.be.true
  { files: ['**/*.test.ts', 'test/**/*.ts'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
  { files: ['host/cli/**', 'host/demo/**', 'test/runner/**', 'test/bench/**'], rules: { 'no-console': 'off' } },
  // what a component does with types is svelte-check's business (npm run check:dashboard)
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'no-undef': 'off', // TypeScript knows
      'no-unused-vars': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'svelte/no-at-html-tags': 'error', // what a holder is called stays text
      'svelte/no-inline-styles': ['error', { allowTransitions: true }], // the content security policy refuses them
      'svelte/prefer-svelte-reactivity': 'off', // maps here are values, replaced and never changed
      'svelte/no-navigation-without-resolve': 'off', // SvelteKit's router; this page has its own
    },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
);
