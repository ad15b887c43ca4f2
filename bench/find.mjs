/** Measures how hunts find and shrink failures: `node bench/find.mjs [WORDS...] [options]`. See find.ts. */
process.argv.splice(2, 0, 'find');
await import('./run.mjs');
