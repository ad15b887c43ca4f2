/** Maelstrom itself runs on Node.js only: on Bun or Deno pipes and worker processes behave differently, and a right node would be blamed. */
import { UserError } from '../../protocol/user-error.ts';

/** Throws a UserError if another runtime carries out this process, as `bun test` and `deno test` do. */
export function refuseOtherRuntimes(versions: Readonly<Record<string, string | undefined>>): void {
  for (const [key, name] of [
    ['bun', 'Bun'],
    ['deno', 'Deno'],
  ] as const) {
    const version = versions[key];
    if (version === undefined) continue;
    throw new UserError(
      `This process is ${name} ${version}, and Maelstrom runs tests on Node.js only.`,
      `Run it with Node.js: node --test, or node FILE. Nodes can run on ${name}, by the #! line of their file, and so can unit tests with maelstrom/testing.`,
    );
  }
}
