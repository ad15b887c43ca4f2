/** The package manager that started this program, for commands that are shown. */

export interface PackageManager {
  readonly install: string;
  readonly add: string;
  /** Runs the script `test` of package.json. */
  readonly test: string;
  /** Runs a command of an installed package. */
  readonly exec: string;
  /** Whether a package in a folder of another one can use what is installed there. */
  readonly findsAbove: boolean;
}

const NPM: PackageManager = {
  install: 'npm install',
  add: 'npm install',
  test: 'npm test',
  exec: 'npx',
  findsAbove: true,
};
const OTHERS: ReadonlyMap<string, PackageManager> = new Map([
  ['pnpm', { ...NPM, install: 'pnpm install', add: 'pnpm add', test: 'pnpm test', exec: 'pnpm exec' }],
  ['bun', { ...NPM, install: 'bun install', add: 'bun add', test: 'bun run test', exec: 'bun run' }],
  [
    'yarn',
    {
      // Within the folder of a project, Yarn refuses a package that is neither part of it nor has a lockfile of its own.
      install: 'touch yarn.lock && yarn install',
      add: 'yarn add',
      test: 'yarn test',
      exec: 'yarn',
      findsAbove: false,
    },
  ],
]);

/** Returns npm unless the environment names another one, as package managers do for what they start: `yarn/4.5.1 npm/? node/v22.1.0`. */
export function packageManagerOf(env: Readonly<Record<string, string | undefined>>): PackageManager {
  const [name = ''] = (env['npm_config_user_agent'] ?? '').split('/');
  return OTHERS.get(name) ?? NPM;
}
