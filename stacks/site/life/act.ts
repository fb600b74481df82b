/** Carries out a step on a machine. Each can be repeated, and begins nothing that its end does not show in the facts. */
import { spawn } from "node:child_process";
import { ProgramError, run, type Kubectl } from "./client";
import type { Intent, Step } from "./decide";
import { OPERATION_ANNOTATION, type MachineFacts, type PodFact } from "./facts";

/** What steps are carried out with. */
export interface Hands {
  readonly stack: string;
  readonly kubectl: Kubectl;
  readonly say: (line: string) => void;
}

/** A step that does something. */
export type Deed = Extract<Step, { kind: "cordon" | "evict" | "stop" | "forget" | "renew" }>;

/** Carries out a step. @throws ProgramError with the words of the program that failed */
export async function act(step: Deed, facts: MachineFacts, intent: Intent, hands: Hands): Promise<void> {
  const { kubectl, say } = hands;
  const { name } = facts;
  switch (step.kind) {
    case "cordon":
      say(`cordoning ${name}`);
      await kubectl.run(["cordon", name]);
      await annotate(kubectl, name, `${intent.kind} by ${intent.by} since ${new Date(intent.since).toISOString()}`);
      return;
    case "evict":
      say(`evicting ${step.pods.map(({ namespace, name }) => `${namespace}/${name}`).join(", ")}`);
      for (const pod of step.pods) await evict(pod, hands);
      return;
    case "stop":
      say(`stopping server ${name} (${intent.oldServer})`);
      await run("openstack", ["server", "stop", intent.oldServer], { forgive: /in vm_state stopped|in task_state/ });
      return;
    case "forget":
      say(`deleting ${step.node ? `node ${name} and ` : ""}${step.pods.length} pods that ran on it`);
      for (const pod of step.pods) {
        const where = ["-n", pod.namespace, "--ignore-not-found", "--wait=false"];
        await kubectl.run(["delete", "pod", pod.name, ...where, "--grace-period=0", "--force"]);
      }
      if (step.node) await kubectl.run(["delete", "node", name, "--ignore-not-found", "--wait=true"]);
      return;
    case "renew":
      await renew(facts, intent, hands);
      return;
  }
}

/** Notes on a node why it is cordoned. @param why undefined: takes the note away */
export async function annotate(kubectl: Kubectl, node: string, why: string | undefined): Promise<void> {
  const note = why === undefined ? `${OPERATION_ANNOTATION}-` : `${OPERATION_ANNOTATION}=${why}`;
  await kubectl.run(["annotate", "--overwrite", "node", node, note]);
}

/** Asks for an eviction; a disruption budget that says no is said, and asked again in the next round. */
async function evict(pod: PodFact, { kubectl, say }: Hands): Promise<void> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/eviction`;
  const eviction = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { namespace: pod.namespace, name: pod.name },
  };
  try {
    await kubectl.run(["create", "--raw", path, "-f", "-"], {
      input: JSON.stringify(eviction),
      forgive: /NotFound|not found/,
    });
  } catch (error) {
    if (!(error instanceof ProgramError) || !/TooManyRequests|disruption budget/.test(error.words)) throw error;
    say(`${pod.namespace}/${pod.name} stays for now: ${error.words.trim().split("\n").at(-1)}`);
  }
}

/**
 * Has Pulumi replace the one instance. The mark in the state is what asks for it: unlike a raised generation it concerns no
 * other machine, and once Pulumi has carried it out it is gone.
 */
async function renew({ recorded, name }: MachineFacts, intent: Intent, { stack, say }: Hands): Promise<void> {
  if (recorded !== undefined && !recorded.replacedNext) {
    await run("pulumi", ["state", "taint", intent.urn, "--stack", stack, "--yes", "--non-interactive"]);
  }
  say(`pulumi up of ${name} alone`);
  const up = [
    "up",
    "--stack",
    stack,
    "--yes",
    "--skip-preview",
    "--suppress-progress",
    "--suppress-outputs",
    "--non-interactive",
  ];
  await shown("pulumi", [...up, "--target", intent.urn], say);
}

/** Runs a program and says its lines as they come. */
function shown(program: string, args: readonly string[], say: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const hear = (text: Buffer) => {
      said = (said + text.toString()).slice(-20_000);
      for (const line of text.toString().split("\n")) if (line.trim() !== "") say(`  ${line.trimEnd()}`);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => reject(new ProgramError(program, error.message)));
    child.once("close", (code) => {
      const hint =
        "If it says that the stack is locked by a run that was killed: pulumi cancel, then repeat the command";
      if (code === 0) resolve();
      else reject(new ProgramError(`${program} ${args[0] ?? ""}`, `exit code ${code}. ${hint}`));
    });
  });
}
