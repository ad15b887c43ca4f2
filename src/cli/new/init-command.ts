/** `maelstrom init`: adds to the current folder what `maelstrom new` would write. */
export { INIT as COMMAND, initHere as run } from './new-command.ts';
