/** `maelstrom campaign`: shows and controls hunts carried out by workers, from any machine that can reach their Redis. */
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';

export const CAMPAIGN_ACTIONS = ['status', 'pause', 'resume', 'remove'] as const;

export const COMMAND: CommandText<Readonly<Record<string, never>>> = {
  name: 'campaign',
  usage: 'status|pause|resume|remove redis://HOST:PORT [CAMPAIGN]',
  about:
    'Shows hunts started with --queue and their workers; pauses or resumes a hunt, or removes the remains of one whose process is gone. ' +
    'CAMPAIGN is its id or a prefix of it, and can be omitted if there is only one.',
  args: '[args...]',
  argValues: CAMPAIGN_ACTIONS,
  groups: {},
  epilogue: `
Examples:
  maelstrom campaign status redis://10.0.0.5
  maelstrom campaign pause redis://10.0.0.5
  maelstrom campaign resume redis://10.0.0.5 3fa9

Exit codes: 0 done, 254 bad arguments, no such campaign or no Redis, 255 internal error.`,
};

export async function run({ args }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const { runCampaign } = await import('./run-campaign.ts');
  return runCampaign(args, session);
}
