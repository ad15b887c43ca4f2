/** The names of the commands, in the order of the help. */
export const COMMAND_NAMES = [
  'test',
  'hunt',
  'worker',
  'campaign',
  'explore',
  'check',
  'verify',
  'shrink',
  'scenario',
  'story',
  'glomers',
  'grade',
  'demo',
  'new',
  'init',
  'serve',
  'doc',
  'completion',
] as const;

export type CommandName = (typeof COMMAND_NAMES)[number];
