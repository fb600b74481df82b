/** Parts of Prometheus' configuration as plain values, and the few shapes that all its scrape jobs have. */

/** How labels of a target, or of a series, are changed. */
export interface Relabeling {
  readonly source_labels?: string[];
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: "keep" | "drop" | "replace";
}

/** Discovery of targets in the Kubernetes API. */
export interface Discovery {
  readonly role: "node" | "pod";
  /** Only objects with this label are asked for. */
  readonly selectors?: { readonly role: "node" | "pod"; readonly label: string }[];
  readonly namespaces?: { readonly names: string[] };
  /** Absent inside the cluster, where ServiceAccount and environment say it. */
  readonly api_server?: string;
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: { readonly ca_file: string };
}

/** How a target's certificate is judged. */
export interface TargetTls {
  readonly ca_file?: string;
  readonly server_name?: string;
  readonly insecure_skip_verify?: boolean;
}

/** One scrape job. */
export interface ScrapeConfig {
  readonly job_name: string;
  /** Whether labels of the series win over the target's. */
  readonly honor_labels?: boolean;
  readonly metrics_path?: string;
  readonly scheme?: "https";
  readonly authorization?: { readonly credentials_file: string };
  readonly tls_config?: TargetTls;
  readonly kubernetes_sd_configs?: Discovery[];
  readonly static_configs?: { readonly targets: string[] }[];
  readonly relabel_configs?: Relabeling[];
  readonly metric_relabel_configs?: Relabeling[];
}

/** How Prometheus comes to the API and to targets that ask who it is. */
export interface Access {
  /** File with the token of its ServiceAccount. */
  readonly tokenFile: string;
  /** File with the certificate of the cluster's CA. */
  readonly caFile: string;
  /** URL of the API; absent inside the cluster. */
  readonly apiServer?: string;
}

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** As every pod has it. */
export const IN_CLUSTER: Access = { tokenFile: `${ACCOUNT}/token`, caFile: `${ACCOUNT}/ca.crt` };

/** What a discovery says of access: nothing inside the cluster. */
export function discoveryAccess({ apiServer, tokenFile, caFile }: Access): Partial<Discovery> {
  return apiServer === undefined
    ? {}
    : {
        api_server: apiServer,
        authorization: { credentials_file: tokenFile },
        tls_config: { ca_file: caFile },
      };
}

/** HTTPS to targets that ask the API whom a token belongs to. */
export function withToken({ tokenFile }: Access, tls_config: TargetTls): Partial<ScrapeConfig> {
  return { scheme: "https", authorization: { credentials_file: tokenFile }, tls_config };
}

/** Leaves out series by their names. */
export function dropMetrics(...names: string[]): Relabeling[] {
  return [{ source_labels: ["__name__"], regex: names.join("|"), action: "drop" }];
}
