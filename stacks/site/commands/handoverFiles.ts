/** The files of a handover, as plain values: what the operators of the central Harvester get for each queue. */
import { stringify } from "yaml";

/** What a stack's outputs say that belongs into a handover. */
export interface HandoverOutputs {
  readonly apiUrl?: string;
  /** Template and parameters by PanDA queue. */
  readonly harvesterHandover?: Readonly<Record<string, QueueOutputs>>;
  /** Kubeconfigs by PanDA queue; secret. None where the program does not hold the cluster's CA. */
  readonly harvesterKubeconfigs?: Readonly<Record<string, string>>;
}

/** One queue's outputs. */
export interface QueueOutputs {
  readonly namespace: string;
  readonly jobTemplate: string;
  readonly queueConfiguration: object;
  readonly cric: object;
}

/** A file of the handover. */
export interface HandoverFile {
  /** Path below the handover's folder. */
  readonly path: string;
  readonly content: string;
  /** Permissions: what holds a key is its owner's alone. */
  readonly mode: 0o644 | 0o600;
}

/** Lists what the command has written, so that it never takes a file of somebody else for its own. */
export const MANIFEST = "handover.yaml";

/** What `MANIFEST` says. */
export interface Manifest {
  /** Stack that the folder belongs to. */
  readonly stack: string;
  readonly files: readonly string[];
}

/**
 * Every file of a handover, the manifest last.
 * @throws Error when the stack has no queue to hand over
 */
export function handoverFiles(stack: string, outputs: HandoverOutputs): HandoverFile[] {
  const queues = Object.entries(outputs.harvesterHandover ?? {});
  if (queues.length === 0) {
    throw new Error(
      `stack ${stack} has no output harvesterHandover with a queue in it: write atlas-site:queues, run ` +
        `\`pulumi up --stack ${stack}\`, then this again`,
    );
  }
  const kubeconfigs = outputs.harvesterKubeconfigs ?? {};
  const files: HandoverFile[] = [
    { path: "README.md", content: readme(stack, outputs), mode: 0o644 },
    ...queues.flatMap(([queue, handover]) => queueFiles(queue, handover, kubeconfigs[queue])),
  ];
  const manifest: Manifest = { stack, files: files.map(({ path }) => path) };
  return [...files, { path: MANIFEST, content: stringify(manifest), mode: 0o644 }];
}

function queueFiles(queue: string, handover: QueueOutputs, kubeconfig: string | undefined): HandoverFile[] {
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return [
    { path: `${queue}/job.yaml`, content: handover.jobTemplate, mode: 0o644 },
    { path: `${queue}/queueconfig.json`, content: json(handover.queueConfiguration), mode: 0o644 },
    { path: `${queue}/cric.json`, content: json(handover.cric), mode: 0o644 },
    ...(kubeconfig === undefined
      ? []
      : [{ path: `${queue}/kubeconfig.yaml`, content: kubeconfig, mode: 0o600 } as const]),
  ];
}

function readme(stack: string, { apiUrl, harvesterHandover, harvesterKubeconfigs }: HandoverOutputs): string {
  const queues = Object.entries(harvesterHandover ?? {});
  const missing = queues.filter(([queue]) => harvesterKubeconfigs?.[queue] === undefined).map(([queue]) => queue);
  return [
    `# Site ${stack}, for the operators of Harvester`,
    "",
    ...(apiUrl === undefined ? [] : [`Kubernetes API: ${apiUrl}`, ""]),
    "| queue | namespace |",
    "| --- | --- |",
    ...queues.map(([queue, { namespace }]) => `| ${queue} | ${namespace} |`),
    "",
    "For each queue:",
    "",
    "1. `cric.json`: write these values to the queue in CRIC. The CE queue is the namespace.",
    "2. `job.yaml` and `kubeconfig.yaml`: put them on Harvester's host, the kubeconfig readable to Harvester alone.",
    "3. `queueconfig.json`: merge it into `panda_queueconfig.json`, with your own paths of template, kubeconfig, proxy, token",
    "   files and work directories in `common`, `credmanagers`, `messenger` and `submitter`. Harvester merges `submitter` with",
    "   that of a template queue and replaces `credmanagers`: its `proxy_files` must name every file that `submitter` names.",
    "4. Yours to decide in CRIC: `harvester`, `harvester_template`, `pilot_version`, `python_version`.",
    "5. In `panda_harvester.cfg`: `pandaCacheURL`, `pandaCacheURL_W_path` and `pandaCacheURL_R_path` in `[pandacon]`; for push",
    "   also `jobSpecFile = pandaJobData.out` in `[payload_interaction]`.",
    "",
    "`kubeconfig.yaml` holds a private key: send it by a way nobody else reads, and delete this copy. It works in the queue's",
    "namespace and nowhere else.",
    ...(missing.length === 0
      ? []
      : [
          "",
          `No kubeconfig is here for ${missing.join(", ")}: the program does not hold that cluster's CA, or a Harvester`,
          "in the cluster serves the queue.",
        ]),
    "",
  ].join("\n");
}

/**
 * Whether the files may be written over what is there.
 * @param present paths in the folder, below it
 * @param manifest what the folder's manifest says; undefined: it has none
 * @throws Error that names every file in the way
 */
export function refuseForeign(
  folder: string,
  files: readonly HandoverFile[],
  present: readonly string[],
  manifest: Manifest | undefined,
  stack: string,
): void {
  if (manifest !== undefined && manifest.stack !== stack) {
    throw new Error(
      `${folder} holds the handover of stack ${manifest.stack}, not of ${stack}; nothing was written. Name another folder`,
    );
  }
  const own = new Set([...(manifest?.files ?? []), ...(manifest === undefined ? [] : [MANIFEST])]);
  const foreign = files.map(({ path }) => path).filter((path) => present.includes(path) && !own.has(path));
  if (foreign.length > 0) {
    throw new Error(
      `${folder} has files that this command did not write: ${foreign.join(", ")}; nothing was written. ` +
        "Move them away, or name another folder",
    );
  }
}

/** Files of an earlier handover that this one no longer has, such as those of a queue that is gone. */
export function leftOver(files: readonly HandoverFile[], present: readonly string[], manifest?: Manifest): string[] {
  const now = new Set(files.map(({ path }) => path));
  return (manifest?.files ?? []).filter((path) => present.includes(path) && !now.has(path));
}
