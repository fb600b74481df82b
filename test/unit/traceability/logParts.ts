/** The log shipping of small sites, as it is declared. */
import { shippingSite } from "../../support/componentArgs";
import { parse } from "yaml";
import { LogShipping } from "../../../components/traceability/LogShipping";
import { LOG_SHIPPER } from "../../../components/traceability/names";
import { siteFromConfig } from "../../../stacks/site/load";
import { record, type Recording, type Request } from "../../../stacks/site/offline/recorder";
import type { Site } from "../../../stacks/site/site";
import { variants, type Sections } from "../../support/sites";

export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";

/** The small site with an archive. */
export function siteOf(logs: Sections = {}, more: Sections = {}, variant: keyof typeof variants = "small"): Site {
  const archive = { mode: "otlp", endpoint: "https://logs.example:4318", ...logs };
  const sections: Sections = { ...variants[variant], logs: archive, ...more };
  return siteFromConfig((section) => sections[section]);
}

export const small = siteOf();

/** What a site's log shipping declares. */
export async function shipping(site: Site, token?: string): Promise<Recording> {
  return (await record({}, () => new LogShipping("logs", { ...shippingSite(site), token }))).recording;
}

/** What of a pod is looked at. */
export interface PodSpec {
  readonly tolerations: object[];
  readonly automountServiceAccountToken: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly priorityClassName: string;
  readonly containers: {
    readonly image: string;
    readonly args: string[];
    readonly env: object[];
    readonly resources: object;
    readonly securityContext: object;
    readonly volumeMounts: { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
    readonly livenessProbe: object;
    readonly ports: { readonly name: string; readonly containerPort: number }[];
  }[];
  readonly volumes: { readonly name: string; readonly hostPath?: { readonly path: string } }[];
}

/** The pods' spec. */
export function podOf(recording: Recording): PodSpec {
  return (recording.only(DAEMON_SET).inputs as { spec: { template: { spec: PodSpec } } }).spec.template.spec;
}

/** What of the collector's configuration is looked at. */
export interface Configuration {
  readonly receivers: Record<
    string,
    { include: string[]; exclude?: string[]; retry_on_failure: object; storage: string }
  >;
  readonly exporters: Record<string, { endpoint: string; auth?: object; sending_queue: Record<string, unknown> }>;
  readonly extensions: Record<string, Record<string, unknown>>;
  readonly service: { pipelines: { logs: { processors: string[]; receivers: string[] } } };
}

/** The collector's configuration. */
export function configurationOf(recording: Recording): Configuration {
  const { data } = recording.only("kubernetes:core/v1:ConfigMap").inputs as { data: Record<string, string> };
  return parse(data["collector.yaml"]) as Configuration;
}

/** The shippers' own policy; their namespace has another that closes everything. */
export function policyOf(recording: Recording): Request {
  const all = recording.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy");
  return all.find(({ inputs }) => (inputs.metadata as { name: string }).name === LOG_SHIPPER)!;
}
