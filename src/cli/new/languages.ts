/**
 * The languages of the starter examples: the files of a program, how it is built, and its `--bin`. `maelstrom new`
 * copies these files, and the tests of the examples build and run them with the same commands.
 */

/** The programs available in every language, named after their workloads. */
export const STARTERS = ['echo', 'broadcast', 'lin-kv'] as const;
export type Starter = (typeof STARTERS)[number];

export const LANGUAGE_NAMES = ['ts', 'js', 'python', 'go', 'rust', 'ruby', 'java', 'c', 'bash'] as const;
export type LanguageName = (typeof LANGUAGE_NAMES)[number];

export interface Language {
  /** The usual spelling of its name. */
  readonly title: string;
  /** Folder below examples/; empty for examples/ itself. */
  readonly folder: string;
  /** The command that builds or runs it, which may not be installed. */
  readonly needs: string;
  readonly program: (starter: Starter) => LanguageProgram;
}

export interface LanguageProgram {
  /** The files of the program; the first is the one to edit. */
  readonly files: readonly [string, ...string[]];
  /** The shell command that builds it, run in its folder. */
  readonly build?: string;
  /** The value of `--bin`. */
  readonly bin: string;
  /** What the build creates, for .gitignore. */
  readonly built?: string;
}

/** A program that is a single file and needs no build. */
const script =
  (ending: string, ...more: readonly string[]) =>
  (starter: Starter): LanguageProgram => ({
    files: [`${starter}.${ending}`, ...more],
    bin: `${starter}.${ending}`,
  });

const CLASSES: Readonly<Record<Starter, string>> = {
  echo: 'Echo',
  broadcast: 'Broadcast',
  'lin-kv': 'LinKv',
};

export const LANGUAGES: Readonly<Record<LanguageName, Language>> = {
  ts: { title: 'TypeScript', folder: '', needs: 'node', program: script('ts') },
  js: { title: 'JavaScript', folder: 'javascript', needs: 'node', program: script('js') },
  python: { title: 'Python', folder: 'python', needs: 'python3', program: script('py') },
  ruby: { title: 'Ruby', folder: 'ruby', needs: 'ruby', program: script('rb') },
  bash: { title: 'Bash', folder: 'bash', needs: 'bash', program: script('sh', 'json.sh') },
  go: {
    title: 'Go',
    folder: 'go',
    needs: 'go',
    program: (starter) => ({
      files: [`${starter}.go`],
      build: `go build -o ${starter} ${starter}.go`,
      bin: starter,
      built: starter,
    }),
  },
  rust: {
    title: 'Rust',
    folder: 'rust',
    needs: 'rustc',
    program: (starter) => ({
      files: [`${starter}.rs`, 'json.rs'],
      build: `rustc --edition 2021 -O -o ${starter} ${starter}.rs`,
      bin: starter,
      built: starter,
    }),
  },
  c: {
    title: 'C',
    folder: 'c',
    needs: 'cc',
    program: (starter) => ({
      files: [`${starter}.c`, 'json.h', ...(starter === 'echo' ? [] : ['lines.h'])],
      build: `cc -O2 -o ${starter} ${starter}.c`,
      bin: starter,
      built: starter,
    }),
  },
  java: {
    title: 'Java',
    folder: 'java',
    needs: 'javac',
    program: (starter) => ({
      files: [`${CLASSES[starter]}.java`, 'Json.java', `${starter}.sh`],
      build: `javac -d classes ${CLASSES[starter]}.java Json.java`,
      bin: `${starter}.sh`,
      built: 'classes',
    }),
  },
};
