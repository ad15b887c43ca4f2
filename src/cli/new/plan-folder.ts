/**
 * The files of a new node's folder with their texts: the starter example as it is in the package, and what runs its
 * test.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../harness/package-folder.ts';
import { IMPORTED_AS } from '../../world/own-file.ts';
import type { PackageManager } from '../words/package-manager.ts';
import { LANGUAGES, type LanguageName, type LanguageProgram, type Starter } from './languages.ts';

export interface PlannedFile {
  /** Its name in the folder. */
  readonly name: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

export interface FolderFacts {
  readonly language: LanguageName;
  readonly starter: Starter;
  /** Name of the folder. */
  readonly title: string;
  readonly packageName: string;
  /** Installs the dependency and runs the test of a folder with package.json. */
  readonly manager: PackageManager;
  /** The dependency on Maelstrom in the manifest: its name on npm with a version, or its path. */
  readonly dependency: string;
  /** How Maelstrom is called in the folder. */
  readonly program: string;
}

/**
 * The options of the test that a new node passes, besides the workload and the program: short, but with a fault where
 * one matters.
 */
const TEST_WORDS: Readonly<Record<Starter, string>> = {
  echo: '--time-limit 5',
  broadcast: '--time-limit 5 --rate 20 --nemesis partition --nemesis-interval 2',
  'lin-kv': '--time-limit 5 --rate 50 --concurrency 2n --nemesis partition --nemesis-interval 2',
};

/** The settings of a test in virtual time, which may be longer. */
const SETTINGS: Readonly<Record<Starter, string>> = {
  echo: 'timeLimitSeconds: 20',
  broadcast: "timeLimitSeconds: 20, rate: 20, nemesis: ['partition'], nemesisIntervalSeconds: 4",
  'lin-kv':
    "timeLimitSeconds: 20, rate: 50, concurrency: 10, nemesis: ['partition'], nemesisIntervalSeconds: 4",
};

export const isScripted = (language: LanguageName): boolean => language === 'ts' || language === 'js';

/** Returns the command that runs a cluster of processes. */
export function testLine({ starter, language, program }: FolderFacts): string {
  const { bin } = LANGUAGES[language].program(starter);
  return `${program} test -w ${starter} --bin ${isScripted(language) ? bin : `./${bin}`} ${TEST_WORDS[starter]}`;
}

export function planFolder(facts: FolderFacts): readonly PlannedFile[] {
  const language = LANGUAGES[facts.language];
  const program = language.program(facts.starter);
  return [
    ...program.files.map((name) => example(join('examples', language.folder, name), name)),
    ...(isScripted(facts.language) ? projectFiles(facts) : [testScript(facts, program)]),
    ...(facts.language === 'go' ? [plain('go.mod', `module ${facts.packageName}\n\ngo 1.19\n`)] : []),
    plain('README.md', readme(facts, program)),
    plain('.gitignore', ignored(facts, program)),
  ];
}

const plain = (name: string, text: string): PlannedFile => ({ name, text, isExecutable: false });

function example(path: string, name: string): PlannedFile {
  const file = packageFile(path);
  return { name, text: readFileSync(file, 'utf8'), isExecutable: (statSync(file).mode & 0o111) !== 0 };
}

function projectFiles(facts: FolderFacts): readonly PlannedFile[] {
  return [
    plain('test.mjs', testModule(facts)),
    plain('package.json', manifest(facts)),
    plain('tsconfig.json', compilerOptions(facts)),
  ];
}

function manifest({ packageName, dependency }: FolderFacts): string {
  const content = {
    name: packageName,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: { test: 'node --test test.mjs' },
    dependencies: { [IMPORTED_AS]: dependency },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

function compilerOptions({ language }: FolderFacts): string {
  const ofJavaScript = language === 'js' ? '\n    "allowJs": true,\n    "checkJs": true,' : '';
  return `// For editors and tsc: Maelstrom runs the files as they are.
{
  "compilerOptions": {
    "target": "ES2023",
    // The second has console and timers, and no class of its own called Node.
    "lib": ["ES2023", "WebWorker"],
    "module": "NodeNext",
    "strict": true,${ofJavaScript}
    "noEmit": true,
    "allowImportingTsExtensions": true
  },
  "include": ["*.${language}"]
}
`;
}

function testModule({ starter, language }: FolderFacts): string {
  const { bin } = LANGUAGES[language].program(starter);
  return `/** Runs a cluster of ${bin} in virtual time, several times with different seeds, and says what Maelstrom finds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runTest } from 'maelstrom';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const settings = { ${SETTINGS[starter]} };

for (const seed of ['1', '2', '3']) {
  test(\`${starter}, seed \${seed}\`, async () => {
    const { results, sentence, folder } = await runTest({
      workload: '${starter}',
      bin: here('${bin}'),
      world: 'simulated',
      seed,
      store: here('store'),
      ...settings,
    });
    assert.ok(results['valid?'] === true, \`\${sentence}\\n\\nTo look at it, open \${folder}/report.html\`);
  });
}
`;
}

function testScript(facts: FolderFacts, { build }: LanguageProgram): PlannedFile {
  const text = `#!/bin/sh
# Tests the node: ${build === undefined ? '' : 'builds it, and '}runs a cluster of it. More options go at the end: ./test.sh --log-stderr
cd "$(dirname "$0")" || exit 1
${build === undefined ? '' : `${build} || exit 1\n`}exec ${testLine(facts)} "$@"
`;
  return { name: 'test.sh', text, isExecutable: true };
}

function readme(facts: FolderFacts, { files }: LanguageProgram): string {
  const { title, language, starter, program, manager } = facts;
  const [main] = files;
  const about = `\`${main}\` is a node in ${LANGUAGES[language].title} for the workload ${starter}`;
  const how = isScripted(language)
    ? `\`${manager.test}\` runs a cluster of it in virtual time; as processes: \`${testLine(facts)}\``
    : `\`./test.sh\` runs a cluster of it and says what is wrong`;
  return `# ${title}\n\n${about}; ${how}.\nTo look at the runs: \`${program} serve\`.\n`;
}

function ignored({ language }: FolderFacts, { built }: LanguageProgram): string {
  const names = ['/store/', isScripted(language) ? '/node_modules/' : undefined, built && `/${built}`];
  return `${names.filter((name) => name !== undefined).join('\n')}\n`;
}
