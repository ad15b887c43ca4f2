/**
 * The languages in which there are examples to begin with: of which files a program consists, how it is built, and what is
 * then given to `--bin`. `maelstrom new` copies these files, and the tests of the examples build and run them by the same lines.
 */

/** The programs that there are in every language, named for their workload. */
export const STARTERS = ['echo', 'broadcast', 'lin-kv'] as const;
export type Starter = (typeof STARTERS)[number];

export const LANGUAGE_NAMES = ['ts', 'js', 'python', 'go', 'rust', 'ruby', 'java', 'c', 'bash'] as const;
export type LanguageName = (typeof LANGUAGE_NAMES)[number];

export interface Language {
  /** As people write it. */
  readonly title: string;
  /** Below examples/; empty for the folder itself. */
  readonly folder: string;
  /** The command that builds or runs it, which may be missing. */
  readonly needs: string;
  readonly program: (starter: Starter) => LanguageProgram;
}

export interface LanguageProgram {
  /** The files of the program; the first is the one to edit. */
  readonly files: readonly [string, ...string[]];
  /** A line of a shell that builds it, in its folder. */
  readonly build?: string;
  /** What is given to `--bin`. */
  readonly bin: string;
  /** What building leaves, for .gitignore. */
  readonly built?: string;
}

/** A file that is run as it is. */
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
