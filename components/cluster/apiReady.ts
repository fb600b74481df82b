import { RunError } from "@pulumi/pulumi/errors";
import { request } from "node:https";
import type { KeyPair } from "./pki";

/** How to reach and judge a Kubernetes API. */
export interface ApiProbe {
  /** URL of the API, e.g. `https://10.64.0.2:6443`. */
  readonly server: string;
  /** The cluster's CA, PEM: an API that another CA signed is not ours. */
  readonly caPem: string;
  /** Administrator's certificate. */
  readonly credential: KeyPair;
  /** Give up after this time. */
  readonly deadlineMs: number;
  /** Machines of the control plane, whose consoles explain a failure; none where they are not ours. */
  readonly machines: readonly string[];
  /** Path that answers 200 once the API can be used; default: the configuration that kubeadm leaves. */
  readonly path?: string;
}

/** Half a second: a rebuild waits on this, and the API server does not notice one request. */
const INTERVAL_MS = 500;
const ATTEMPT_TIMEOUT_MS = 4_000;
/** Something only a working API server, with the administrator's rights in place, answers with 200. */
const KUBEADM_PATH = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config";

/**
 * Waits until the Kubernetes API answers the administrator with 200 at the path.
 * @throws Error at the deadline, with the last answer and the machines whose console logs tell more.
 */
export async function waitForApi(probe: ApiProbe): Promise<void> {
  const end = Date.now() + probe.deadlineMs;
  for (;;) {
    const answer = await ask(probe);
    if (answer === "200") {
      return;
    }
    if (Date.now() > end) {
      const consoles = probe.machines.map((machine) => `openstack console log show ${machine}`).join("; ");
      const advice = consoles === "" ? "" : `The machines say why on their consoles: ${consoles}. `;
      throw withoutStack(
        `The Kubernetes API at ${probe.server} did not become ready within ${Math.round(probe.deadlineMs / 60_000)} minutes ` +
          `(last answer: ${answer}). ${advice}` +
          `Then run \`pulumi up\` again: nothing is lost. The wait is atlas-site:cluster apiDeadlineMinutes.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

/**
 * An error for the administrator, who has no use for a stack trace. Nor has Pulumi: it colours every trace, and Node 20
 * takes some 20 s to colour one that goes through Pulumi itself (it loops on paths like `node_modules/@pulumi/output.ts`).
 */
function withoutStack(message: string): RunError {
  const error = new RunError(message);
  error.stack = undefined;
  return error;
}

function ask(probe: ApiProbe): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(
      new URL(probe.path ?? KUBEADM_PATH, probe.server),
      {
        ca: probe.caPem,
        cert: probe.credential.certPem,
        key: probe.credential.keyPem,
        agent: false,
        // Node's own timeout starts anew with the connection, so that it takes twice as long as it says.
        signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
      },
      (response) => {
        resolve(String(response.statusCode));
        response.destroy();
      },
    );
    outgoing.on("error", (error) => {
      resolve(error.name === "AbortError" ? `no answer in ${ATTEMPT_TIMEOUT_MS / 1000} s` : error.message);
    });
    outgoing.end();
  });
}
