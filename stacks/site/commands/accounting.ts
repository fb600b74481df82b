/**
 * `npm run site -- accounting <stack> [--month YYYY-MM] [--json]`: what the jobs of a site's queues used in a month, added
 * up from the site's Prometheus by questions of our own: a second opinion on the records that Kuantifier sends.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accountedHours } from "../accounting/accountedHours";
import { monthAt, monthOf } from "../accounting/month";
import { monthText } from "../accounting/monthText";
import { loadSite } from "../load";
import type { Site } from "../site";
import { withOperatorKubeconfig } from "./stackKubeconfig";
import { PrometheusClient, withPrometheus } from "./prometheusClient";

/** What may stand behind the stack. */
export const ACCOUNTING_OPTIONS = ["[--month YYYY-MM]", "[--json]", "[--prometheus URL]", "[--kubeconfig FILE]"];

const ROOT = join(__dirname, "..", "..", "..");

/**
 * Says what a stack's jobs used.
 * @param options as `ACCOUNTING_OPTIONS` has them
 * @throws Error that says what to fix
 */
export async function accounting(stack: string, say: (line: string) => void, ...options: string[]): Promise<void> {
  const { values } = parseArgs({
    args: options,
    options: {
      month: { type: "string" },
      json: { type: "boolean", default: false },
      prometheus: { type: "string" },
      kubeconfig: { type: "string" },
    },
  });
  const site = siteOf(stack);
  const month = values.month ?? monthAt(new Date());
  // Told before anybody is asked for anything.
  monthOf(month, new Date());
  const ask = (prometheus: PrometheusClient) => accountedHours(prometheus, site, month);
  const accounted =
    values.prometheus === undefined
      ? await throughCluster(stack, site, values.kubeconfig, ask)
      : await ask(new PrometheusClient(values.prometheus));
  say(values.json ? JSON.stringify({ stack, ...accounted }, null, 2) : monthText(stack, accounted).trimEnd());
}

/** Asks the Prometheus that the site has in its cluster. */
function throughCluster<T>(
  stack: string,
  site: Site,
  kubeconfig: string | undefined,
  ask: (prometheus: PrometheusClient) => Promise<T>,
): Promise<T> {
  if (site.monitoring.mode === "none") {
    throw new Error(
      `stack ${stack} has monitoring.mode none, so there is no Prometheus of its own; write prometheus, or name another ` +
        "that scrapes the cluster's kube-state-metrics: --prometheus URL",
    );
  }
  return kubeconfig === undefined
    ? withOperatorKubeconfig(stack, "say --kubeconfig FILE", (path) => withPrometheus(path, ask))
    : withPrometheus(kubeconfig, ask);
}

function siteOf(stack: string): Site {
  const file = join("stacks", `Pulumi.${stack}.yaml`);
  if (!existsSync(join(ROOT, file))) {
    throw new Error(`there is no stack "${stack}": no file ${file}`);
  }
  return loadSite(stack, readFileSync(join(ROOT, file)), file);
}
