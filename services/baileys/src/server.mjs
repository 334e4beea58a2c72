import v8 from 'node:v8';

// Sessions make much short-lived garbage and keep little: a small heap costs less than it saves. Set here and not on
// the command line, so that it holds however the service is started.
v8.setFlagsFromString('--optimize-for-size');
v8.setFlagsFromString('--max-semi-space-size=2');

await import('./main.mjs');
