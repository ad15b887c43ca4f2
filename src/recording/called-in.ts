/** Finds how Maelstrom was invoked in a command stored with a run: `./maelstrom`, `npx maelstrom`. */
export const calledIn = (command: string | undefined): string =>
  /^(.+?) test(?: |$)/.exec(command ?? '')?.[1] ?? 'maelstrom';
