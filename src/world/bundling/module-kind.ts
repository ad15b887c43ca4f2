/**
 * Tells CommonJS files (sloppy by default, with `require`) from ES modules, by Node's rules. A `.js` file without a
 * `type` in a package.json is a module if it has the syntax of one.
 */
import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { runEsbuild } from './run-esbuild.ts';

export type ModuleKind = 'commonjs' | 'module';

/**
 * Returns the kind of a file; TypeScript counts as a module. Throws a UserError when the file cannot be parsed as
 * JavaScript.
 */
export async function readModuleKind(file: string): Promise<ModuleKind> {
  const extension = extname(file);
  if (extension === '.cjs') return 'commonjs';
  if (extension !== '.js' && extension !== '') return 'module';
  if (await hasModuleSyntax(file)) return 'module';
  return packageType(file) === 'module' ? 'module' : 'commonjs';
}

async function hasModuleSyntax(file: string): Promise<boolean> {
  const { metafile } = await runEsbuild({
    entryPoints: [file],
    bundle: false,
    write: false,
    metafile: true,
    outdir: dirname(file),
  });
  return Object.values(metafile?.inputs ?? {}).some(({ format }) => format === 'esm');
}

/** Returns the `type` of the nearest package.json. */
export function packageType(file: string): ModuleKind | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const type = typeIn(join(folder, 'package.json'));
    if (type !== 'no file') return type;
    if (folder === dirname(folder)) return undefined;
  }
}

function typeIn(path: string): ModuleKind | undefined | 'no file' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 'no file';
  }
  try {
    // Any JSON; only this one field is looked at.
    const { type } = JSON.parse(text) as { readonly type?: unknown };
    return type === 'module' || type === 'commonjs' ? type : undefined;
  } catch {
    return undefined;
  }
}
