/** The last line of a run, the same as upstream's, since scripts grep for it. */
import type { Validity } from '../../checkers/checker.ts';

export function closingLine(validity: Validity): string {
  if (validity === 'unknown') return 'Errors occurred during analysis, but no anomalies found. ಠ~ಠ';
  return validity ? 'Everything looks good! ヽ(‘ー`)ノ' : 'Analysis invalid! (ﾉಥ益ಥ）ﾉ ┻━┻';
}
