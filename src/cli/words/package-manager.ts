/** The package manager that started this program, for commands that are shown. */

export interface PackageManager {
  readonly install: string;
  /** Adds a dependency. */
  readonly add: string;
  /** Runs the script `test` of package.json. */
  readonly test: string;
  /** Runs a command of an installed package. */
  readonly exec: string;
}

const NPM: PackageManager = { install: 'npm install', add: 'npm install', test: 'npm test', exec: 'npx' };
const OTHERS: ReadonlyMap<string, PackageManager> = new Map([
  ['pnpm', { install: 'pnpm install', add: 'pnpm add', test: 'pnpm test', exec: 'pnpm exec' }],
  ['yarn', { install: 'yarn install', add: 'yarn add', test: 'yarn test', exec: 'yarn' }],
  ['bun', { install: 'bun install', add: 'bun add', test: 'bun run test', exec: 'bun run' }],
]);

/** Returns npm unless the environment names another one, as package managers do for what they start: `yarn/4.5.1 npm/? node/v22.1.0`. */
export function packageManagerOf(env: Readonly<Record<string, string | undefined>>): PackageManager {
  const [name = ''] = (env['npm_config_user_agent'] ?? '').split('/');
  return OTHERS.get(name) ?? NPM;
}
