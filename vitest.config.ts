import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^maelstrom\/node$/, replacement: source('src/node/index.ts') },
      { find: /^maelstrom\/checkers$/, replacement: source('src/checkers/index.ts') },
      { find: /^maelstrom$/, replacement: source('src/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'viewer/src/**/*.test.ts', 'examples/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
