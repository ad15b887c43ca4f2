/** How Maelstrom was called in a command that was kept with a run: `./maelstrom`, `npx maelstrom`. */
export const calledIn = (command: string | undefined): string =>
  /^(.+?) test(?: |$)/.exec(command ?? '')?.[1] ?? 'maelstrom';
