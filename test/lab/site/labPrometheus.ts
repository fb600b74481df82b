/** The Prometheus of a lab that runs, for commands. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../../../components/monitoring/names";
import { PrometheusClient } from "../../../stacks/site/commands/prometheusClient";
import { loadSite } from "../../../stacks/site/load";
import { ensureToolchain } from "../../toolchain";
import { openLab, type Lab } from "../lab";
import { LabStack } from "./labStack";
import { forwarded } from "./portForward";

/** What a command asks. */
export interface LabPrometheus {
  readonly lab: Lab;
  readonly prometheus: PrometheusClient;
  /** Time between two of its values. */
  readonly scrapeSeconds: number;
}

/**
 * Reaches it with the administrator's kubeconfig, by a port of its pod, for as long as it is used.
 * @throws Error when no lab runs, its site is not up or not watched, or Prometheus cannot be reached
 */
export async function withLabPrometheus<T>(use: (watched: LabPrometheus) => Promise<T>): Promise<T> {
  const lab = openLab();
  const kubeconfig = join(lab.stateDir, "site", "kubeconfigs", "administrator.yaml");
  if (!existsSync(kubeconfig)) {
    throw new Error("the lab's site is not up, so nothing is watched; bring it up with: npm run lab");
  }
  const toolchain = await ensureToolchain();
  const { stackFile } = new LabStack(lab, toolchain);
  const { monitoring } = loadSite("lab", readFileSync(stackFile, "utf8"), stackFile);
  if (monitoring.mode !== "prometheus") {
    throw new Error(`monitoring.mode is ${monitoring.mode} in ${stackFile}, so nobody looked; write prometheus`);
  }
  const { scrapeSeconds } = monitoring;
  const pod = { namespace: MONITORING_NAMESPACE, pod: `${PROMETHEUS}-0`, port: PROMETHEUS_PORT };
  return forwarded({ kubectl: toolchain.binary("kubectl"), kubeconfig, ...pod }, (url) =>
    use({ lab, prometheus: new PrometheusClient(url), scrapeSeconds }),
  );
}
