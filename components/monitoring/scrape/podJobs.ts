/** Scrape jobs whose targets are pods of the site's services, found by namespace, label and the name of a port. */
import type { ScrapeTarget } from "../../cluster/contribution";
import {
  dropMetrics,
  discoveryAccess,
  withToken,
  type Access,
  type Relabeling,
  type ScrapeConfig,
} from "./scrapeConfig";

function labelOf(source: string, target: string): Relabeling {
  return { source_labels: [source], target_label: target };
}

/** The scrape job of some pods. */
export function podJob(pods: ScrapeTarget, access: Access): ScrapeConfig {
  const { job, namespace, selector, port, unused } = pods;
  return {
    job_name: job,
    ...(pods.honorLabels === true ? { honor_labels: true } : {}),
    // What such a pod's certificate says nobody can check: it made the certificate itself at its start.
    ...(pods.guarded === true ? withToken(access, { insecure_skip_verify: true }) : {}),
    kubernetes_sd_configs: [
      {
        role: "pod",
        ...discoveryAccess(access),
        namespaces: { names: [namespace] },
        selectors: [{ role: "pod", label: selector }],
      },
    ],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_pod_container_port_name"], regex: port, action: "keep" },
      // Ended pods stay for a while, and never answer.
      { source_labels: ["__meta_kubernetes_pod_phase"], regex: "Failed|Succeeded", action: "drop" },
      ...(pods.perNode === true ? [labelOf("__meta_kubernetes_pod_node_name", "node")] : []),
      ...(pods.named === true ? [labelOf("__meta_kubernetes_pod_name", "pod")] : []),
    ],
    ...(unused === undefined ? {} : { metric_relabel_configs: dropMetrics(...unused) }),
  };
}
