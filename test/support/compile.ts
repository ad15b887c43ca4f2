/** Compiles as `tsc` does, without a process for each, and without checking TypeScript's own libraries again and again. */
import ts from 'typescript';

/** The same for all programs, so they are read once. */
const LIBRARY = /[\\/]typescript[\\/]lib[\\/]lib\.[^\\/]*$/;
const libraries = new Map<string, ts.SourceFile | undefined>();

/** What `tsc` would print about those files, but for errors within its own libraries. Writes the files that it would write. */
export function compile(
  folder: string,
  fileNames: readonly string[],
  options: ts.CompilerOptions,
  errors: readonly ts.Diagnostic[] = [],
): string {
  const host = ts.createCompilerHost(options);
  host.getCurrentDirectory = () => folder;
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...rest) => {
    if (!LIBRARY.test(file)) return read(file, ...rest);
    if (!libraries.has(file)) libraries.set(file, read(file, ...rest));
    return libraries.get(file);
  };
  const program = ts.createProgram(fileNames, options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => !LIBRARY.test(fileName));
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
    ...program.emit().diagnostics,
  ];
  return ts.formatDiagnostics(found, host);
}
