#!/usr/bin/env node
/**
 * Entry point of the command. It imports nothing statically, so that a Node that is too old for the rest still gets a
 * clear error.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const other = ['bun', 'deno'].find((name) => process.versions[name] !== undefined);
if (other !== undefined) {
  process.stderr.write(
    `maelstrom: This process is ${other} ${process.versions[other]}, and Maelstrom runs on Node.js only: start it with node, or by its own #! line.\nNodes can run on ${other}: their file needs a #! line that names it.\n`,
  );
  process.exitCode = 254;
} else if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`maelstrom: Node.js ${process.version} is too old: 20.19 or later is needed.\n`);
  process.exitCode = 255;
} else if (!hasCurrentFolder()) {
  process.stderr.write(
    'maelstrom: The current folder no longer exists: it was removed or replaced.\nChange to another folder, or enter it again: cd "$PWD"\n',
  );
  process.exitCode = 254;
} else {
  const command = await load();
  await command?.main();
}

/** Loads the command. A process that cannot even open its files gets the message that words/machine-error.ts has for it later. */
async function load(): Promise<typeof import('./cli.ts') | undefined> {
  try {
    return await import('./cli.ts');
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('EMFILE')) throw error;
    process.stderr.write(
      `maelstrom: The limit of open files of this process is too low: ${error.message}.\nRaise it in this shell: ulimit -n 4096\n`,
    );
    process.exitCode = 254;
    return undefined;
  }
}

function hasCurrentFolder(): boolean {
  try {
    process.cwd();
    return true;
  } catch {
    return false;
  }
}
