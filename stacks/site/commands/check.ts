/** `npm run site -- check <stack>`: whether a site that is up does what it is for. */
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { capabilities } from "../../../components/cluster/capabilities";
import type { QueueHandover } from "../../../components/harvester/handover";
import { Kubectl } from "../life/client";
import { siteOf } from "../life/siteMachines";
import { statusText } from "../life/statusText";
import { TEST_JOB_SECONDS, testJob } from "../life/testJob";
import type { Site } from "../site";
import { statusOf } from "./status";
import { stackOutputs, withKubeconfigText } from "./stackKubeconfig";

/** What may stand behind the stack. */
export const CHECK_OPTIONS = ["[--keep]"];

interface Outputs {
  readonly kubeconfig: string;
  readonly harvesterKubeconfigs?: Readonly<Record<string, string>>;
  readonly harvesterHandover: Readonly<Record<string, QueueHandover>>;
}

interface JobStatus {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

const LOOK_AGAIN_MS = 2000;

/**
 * Tries a site: every machine in service, then one Job per queue, sent with Harvester's kubeconfig where there is one.
 * Exit code 1 when anything failed.
 * @param options as `CHECK_OPTIONS` has them; `--keep` leaves the Jobs there to be looked at
 */
export async function check(stack: string, say: (line: string) => void, ...options: string[]): Promise<void> {
  const { values } = parseArgs({ args: options, options: { keep: { type: "boolean", default: false } } });
  const site = siteOf(stack);
  const outputs = stackOutputs(stack) as unknown as Outputs;
  if (typeof outputs.kubeconfig !== "string") {
    throw new Error(`stack ${stack} has no output kubeconfig: run \`pulumi up --stack ${stack}\` first`);
  }
  const verdicts = await withKubeconfigText(outputs.kubeconfig, async (path) => {
    const administrator = new Kubectl(path);
    const found = capabilities(site).machines === undefined ? [] : [await tryMachines(stack, administrator, say)];
    for (const [queue, handover] of Object.entries(outputs.harvesterHandover)) {
      const sender = outputs.harvesterKubeconfigs?.[queue] ?? outputs.kubeconfig;
      found.push(
        await withKubeconfigText(sender, (file) =>
          tryQueue({ site, queue, handover, harvester: new Kubectl(file), administrator, keep: values.keep, say }),
        ),
      );
    }
    return found;
  });
  const well = verdicts.every(Boolean);
  say(well ? `stack ${stack} is well` : `stack ${stack} is NOT well`);
  if (!well) process.exitCode = 1;
}

/** Whether every machine is in service. */
async function tryMachines(stack: string, kubectl: Kubectl, say: (line: string) => void): Promise<boolean> {
  const rows = await statusOf(stack, kubectl);
  say(statusText(rows));
  return rows.every(({ server, node, remarks }) => server === "ACTIVE" && node === "Ready" && remarks.length === 0);
}

interface QueueTrial {
  readonly site: Site;
  readonly queue: string;
  readonly handover: QueueHandover;
  /** As Harvester, or as the administrator where Harvester has no kubeconfig of its own. */
  readonly harvester: Kubectl;
  readonly administrator: Kubectl;
  readonly keep: boolean;
  readonly say: (line: string) => void;
}

/** Sends one Job, waits for its end, says what it found, and takes it away. */
async function tryQueue(trial: QueueTrial): Promise<boolean> {
  const { site, queue, handover, harvester, administrator, keep, say } = trial;
  const { namespace, jobTemplate } = handover;
  const name = `atlas-site-check-${Date.now().toString(36)}`;
  const repositories = site.cvmfs.mode === "none" ? [] : site.cvmfs.repositories;
  const job = testJob(jobTemplate, queue, namespace, name, repositories);
  const begun = Date.now();
  await harvester.run(["create", "-f", "-"], { input: JSON.stringify(job) });
  try {
    // Harvester itself lists Jobs and never gets one.
    const succeeded = await ended(administrator, namespace, name);
    const seconds = ((Date.now() - begun) / 1000).toFixed(0);
    const pods = ["-n", namespace, "-l", `job-name=${name}`];
    const log = await administrator.run(["logs", ...pods, "--tail=-1"], { forgive: /./ });
    log.split("\n").forEach((line) => {
      if (line !== "") say(`  ${line}`);
    });
    if (succeeded === true) {
      say(`queue ${queue}: the Job ended well after ${seconds} s`);
      return true;
    }
    const where =
      "-o=custom-columns=POD:.metadata.name,NODE:.spec.nodeName,PHASE:.status.phase,WHY:.status.conditions[*].message";
    say((await administrator.run(["get", "pods", ...pods, where], { forgive: /./ })).trimEnd());
    say(
      `queue ${queue}: the Job FAILED after ${seconds} s: ${succeeded}. docs/runbooks/JobsFailing.md goes on from here`,
    );
    return false;
  } finally {
    if (!keep) {
      await harvester.run(["delete", "job", name, "-n", namespace, "--ignore-not-found", "--wait=false"]);
    }
  }
}

/** Waits for a Job's end. @returns true, or why it failed */
async function ended(kubectl: Kubectl, namespace: string, name: string): Promise<true | string> {
  // The Job has a deadline of its own; beyond it a little for the controller to say so.
  const until = Date.now() + (TEST_JOB_SECONDS + 60) * 1000;
  while (Date.now() < until) {
    const job = await kubectl.object<JobStatus>("job", name, "-n", namespace);
    const conditions = job?.status?.conditions ?? [];
    const held = (type: string) => conditions.find((one) => one.type === type && one.status === "True");
    if (held("Complete") !== undefined) return true;
    const failed = held("Failed");
    if (failed !== undefined) return failed.message ?? "Kubernetes says no reason";
    await sleep(LOOK_AGAIN_MS);
  }
  return `it had not ended after ${TEST_JOB_SECONDS + 60} s`;
}
