/**
 * The names of a run's files: `store/<workload>/<timestamp>/...`, as upstream has them, with a JSON file for each EDN
 * file.
 */

export const RUN_FILES = {
  /** The history, one operation per line; written during the run. */
  historyJsonl: 'history.jsonl',
  historyEdn: 'history.edn',
  historyTxt: 'history.txt',
  resultsJson: 'results.json',
  resultsEdn: 'results.edn',
  /** Evidence that the run is wrong, if the workload is the caller's own; see own-evidence.ts. */
  evidence: 'evidence.json',
  /** The harness's log, with times. */
  log: 'jepsen.log',
  /** The spec, the versions and the seed; `openRun` reads this file first. */
  test: 'test.json',
  /** Each node's stderr: NODE.log. */
  nodeLogs: 'node-logs',
  /** What nodes keep across restarts, in the real world: NODE/, their MAELSTROM_DATA_DIR. */
  nodeData: 'node-data',
  /** Every message; see network/journal/journal-format.ts. */
  journal: 'net-journal',
  /** Every client, with its process and its node; see run-clients.ts. */
  clients: 'net-journal/clients.jsonl',
  /** States that nodes have reported, if any; see protocol/state-change.ts. */
  states: 'net-journal/states.jsonl',
  /** The zero of the history's times on the journal's clock; see run-zero.ts. */
  zero: 'zero.json',
  /** The run as a scenario, if one was made; see scenario/scenario.ts. */
  scenario: 'scenario.json',
  /** How the run came to be wrong: a story for the first finding of each kind; see recording/story.ts. */
  stories: 'story.json',
  /** The first story, as text and as a picture. */
  storyText: 'story.md',
  storyPicture: 'story.svg',
  /** What decided the run, if that was searched for; see recording/decisive.ts. */
  decisive: 'decisive.json',
  /** The process that writes to this folder; removed when the run is over; see running-mark.ts. */
  running: 'running.json',
} as const;

/** Descriptions of these files, in Markdown. */
export const RUN_FILE_MEANINGS: Readonly<Record<keyof typeof RUN_FILES, string>> = {
  historyJsonl:
    'The history: requests of clients with their outcomes, and the start and end of faults; one JSON entry per line. Written during the run.',
  historyEdn: 'The same in EDN, in the format of Jepsen.',
  historyTxt: 'The same as columns of text: process, type, operation, value, error.',
  resultsJson: 'The full verdict: [keys of the results](#keys).',
  resultsEdn:
    'The same in EDN, with the types of Jepsen’s results: keywords, sets, floats, keys of any type.',
  evidence: 'Evidence that the run is invalid, if the workload is your own.',
  log: 'The log of the run, with times: phases, every operation, faults, the verdict.',
  test: 'The options, the seed, the versions; for a simulated run also its digest, which the same seed reproduces.',
  nodeLogs:
    'The stderr of each node, `NODE.log`: each line is prefixed with the run time in seconds. `NODE.log.times` has the times on the journal’s clock.',
  nodeData:
    'Data that nodes keep across restarts, one folder per node: its `MAELSTROM_DATA_DIR`. Not in simulated runs.',
  journal: 'Every message: [the journal](#the-journal).',
  clients: 'Every client, with its process and its node.',
  states: 'The [states](../protocol.md#its-state) that nodes reported, if any.',
  zero: 'The time on the journal’s clock at which the times of the history begin.',
  scenario: 'The run as a [scenario](../finding.md), if one was made.',
  stories: 'How the failure came about, step by step: one story for the first finding of each kind.',
  storyText: 'The first of these stories as text.',
  storyPicture: 'The first of these stories as a picture.',
  decisive:
    'What decided the run, and the step from which the failure was certain, [if that was searched for](../finding.md#what-decided-it).',
  running: 'The process that writes to this folder; removed when the run is over.',
};

/** Files that report/write-report.ts adds once a run has been judged, besides the plots (report/plots/plots.ts). */
export const REPORT_FILES = {
  report: 'report.html',
  timeline: 'timeline.html',
  messages: 'messages.svg',
  /** A text and a drawing for each type of anomaly. */
  elle: 'elle',
  /** A text and a drawing for each of the first invalid elements, sums or ids. */
  evidence: 'evidence',
  /** A folder for each key that is judged separately. */
  independent: 'independent',
  /** Gets the extension .svg. */
  linear: 'linear',
  /** The findings, each with its text and the file of its drawing; see recording/finding-view.ts. */
  findings: 'findings.json',
} as const;

/** Descriptions of these files, in Markdown. */
export const REPORT_FILE_MEANINGS: Readonly<Record<keyof typeof REPORT_FILES, string>> = {
  report: 'A self-contained page of the run; open it with a double click.',
  timeline: 'Operations of each process, as boxes over time.',
  messages:
    'Messages between nodes with their payloads; for an invalid run, they start shortly before the failure.',
  elle: '`TYPE.svg` and `TYPE.txt` for each type of [anomaly](anomalies.md); `TYPE/0.svg` is the path of the drawing in upstream Maelstrom; `TYPE/1.svg` to `TYPE/5.svg` draw further cases.',
  evidence: 'A text and a drawing for each of the first invalid elements, sums or ids.',
  independent:
    'For a workload that checks each key separately: one folder per key, with its history, its results and its timeline.',
  linear:
    'In the folder of a key that is not linearizable, with the extension `.svg`: the impossible operation, and why it is impossible.',
  findings: 'The findings, one entry each: its text, its operations, the file of its drawing.',
};

/** The folder of hunts, next to those of the workloads; each hunt has its own folder; see hunt/hunt-folder.ts. */
export const HUNTS = 'hunts';
export const HUNT_FILES = {
  runs: 'hunt.jsonl',
  summary: 'summary.json',
  campaign: 'campaign.json',
  wish: 'wish.json',
} as const;

/** Symbolic links next to the runs: to the last one that reached results, and to the last one that began. */
export const LINKS = { latest: 'latest', current: 'current' } as const;

/**
 * Returns the name of a run's folder: `20261121T023456.789Z`, in UTC. Names sort by time, and need no quoting in any
 * shell or file system.
 */
export function timestampName(time: Date): string {
  return time.toISOString().replaceAll(/[-:]/g, '');
}
