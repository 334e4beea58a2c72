import js from '@eslint/js';

const node = ['process', 'console', 'Buffer', 'URL', 'fetch', 'AbortController', 'AbortSignal', 'performance', 'queueMicrotask'];
const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate'];

export default [
  js.configs.recommended,
  {
    languageOptions: {
      ecmaVersion: 2024,
      sourceType: 'module',
      globals: Object.fromEntries([...node, ...timers].map((name) => [name, 'readonly']))
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unreachable-loop': 'error',
      'no-self-compare': 'error',
      'require-atomic-updates': 'off'
    }
  }
];
