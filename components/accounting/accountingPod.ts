/** The pod that accounts for a queue, when it runs, and whom it may talk to, as plain values. */
import type { Queue } from "../../stacks/site/site";
import { imageReference, versions } from "../../versions";
import { kubernetesRequests, type Resources } from "../kubernetes/resources";
import { labelsOf, INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";
import { MONITORING_NAMESPACE, PROMETHEUS, PROMETHEUS_PORT } from "../monitoring/names";
import { CONFINED, unprivileged } from "../kubernetes/securityContext";
import { placementOf } from "../monitoring/placement";
import { closedNetworks, type ClosedNetworks } from "../security/queuePolicies";
import { allowDns, allowEgress, podsOf, tcp, type NetworkPolicySpec } from "../kubernetes/networkPolicy";
import { CERTIFICATE_KEYS, CERTIFICATE_PATH, RECORDS_PATH, SEND_SCRIPT, SENDER_FILE, SENDER_PATH } from "./kuantifier";
import type { AccountedSite } from "./accountedSite";
import { accountingName, KUANTIFIER } from "./names";

/** Label of the pods. */
export const ACCOUNTING_LABELS = labelsOf(KUANTIFIER);

/** User and group of the processor's image; the sender's has none and takes any. */
const KUANTIFIER_UID = 10_000;

/** Where the processor's image has its program. */
const PROGRAM_PATH = "/src";

/** Records that the processor sends in place of its own, if there are any; it ends when the folder is not there. */
const OWN_RECORDS_PATH = "/srv/manual";

/** Messages of a month's sum are some hundred bytes. */
const RECORDS_SIZE = "64Mi";

/** Estimates, nowhere measured: upstream counts 10 KiB of memory for each job of a month. */
const PROCESSOR_REQUESTS: Resources = { cpuMilli: 100, memoryMb: 256 };
const PROCESSOR_MEMORY_LIMIT_MB = 4096;
const SENDER_REQUESTS: Resources = { cpuMilli: 50, memoryMb: 64 };
const SENDER_MEMORY_LIMIT_MB = 512;

/** First hour of the day, UTC, that records are made in: the last pods of a month are scraped by then. */
const FIRST_HOUR = 3;

/** Runs an hour: Prometheus works on a month of each queue's pods, so no two begin together. */
const RUNS_AN_HOUR = 6;

/**
 * When a queue is accounted for, as cron says it, in UTC.
 * @param position place of the queue among the site's
 */
export function schedule(position: number): string {
  const minute = (position % RUNS_AN_HOUR) * (60 / RUNS_AN_HOUR);
  const hour = (FIRST_HOUR + Math.floor(position / RUNS_AN_HOUR)) % 24;
  return `${minute} ${hour} * * *`;
}

/** The pod's spec. */
export function accountingPodSpec(site: AccountedSite, queue: Queue) {
  const { certificateSecret } = site.accounting;
  return {
    ...placementOf(site),
    restartPolicy: "Never",
    serviceAccountName: KUANTIFIER,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: INFRASTRUCTURE_PRIORITY,
    securityContext: unprivileged(KUANTIFIER_UID),
    initContainers: [processor(site, queue)],
    containers: [sender(site)],
    volumes: [
      { name: "records", emptyDir: { sizeLimit: RECORDS_SIZE } },
      { name: "no-records", emptyDir: { sizeLimit: "1Mi" } },
      { name: "temporary", emptyDir: { sizeLimit: "256Mi" } },
      { name: "settings", configMap: { name: KUANTIFIER } },
      {
        name: "certificate",
        // The kubelet lets the group read it, too, which is this pod's alone.
        secret: {
          secretName: certificateSecret,
          defaultMode: 0o400,
          items: CERTIFICATE_KEYS.map((key) => ({ key, path: key })),
        },
      },
    ],
  };
}

const TEMPORARY = { name: "temporary", mountPath: "/tmp" };

function processor({ site }: AccountedSite, { namespace }: Queue) {
  return {
    name: "processor",
    image: imageReference(versions.images.kuantifierProcessor, site.registryPrefix),
    workingDir: PROGRAM_PATH,
    command: ["python3", "KAPEL.py"],
    envFrom: [{ configMapRef: { name: accountingName(namespace) } }],
    env: [
      { name: "HOME", value: "/tmp" },
      { name: "PYTHONUNBUFFERED", value: "1" },
      { name: "PYTHONDONTWRITEBYTECODE", value: "1" },
    ],
    resources: {
      requests: kubernetesRequests(PROCESSOR_REQUESTS),
      limits: { memory: `${PROCESSOR_MEMORY_LIMIT_MB}Mi` },
    },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "records", mountPath: RECORDS_PATH },
      { name: "no-records", mountPath: OWN_RECORDS_PATH, readOnly: true },
      TEMPORARY,
    ],
  };
}

function sender({ site }: AccountedSite) {
  return {
    name: "sender",
    image: imageReference(versions.images.kuantifierSend, site.registryPrefix),
    command: ["/bin/bash", "-c", SEND_SCRIPT],
    env: [{ name: "HOME", value: "/tmp" }],
    resources: {
      requests: kubernetesRequests(SENDER_REQUESTS),
      limits: { memory: `${SENDER_MEMORY_LIMIT_MB}Mi` },
    },
    securityContext: CONFINED,
    volumeMounts: [
      { name: "records", mountPath: RECORDS_PATH },
      { name: "settings", mountPath: `${SENDER_PATH}/${SENDER_FILE}`, subPath: SENDER_FILE, readOnly: true },
      { name: "certificate", mountPath: CERTIFICATE_PATH, readOnly: true },
      TEMPORARY,
    ],
  };
}

/** Ports of the message service: one takes messages, the other gives a token for the certificate. */
const MESSAGE_PORTS = [443, 8443];

/** Out: names, Prometheus, and the message service wherever in the world it is. Nothing in. */
export function accountingEgress(site: ClosedNetworks): NetworkPolicySpec {
  const prometheus = podsOf(MONITORING_NAMESPACE, labelsOf(PROMETHEUS));
  const outside = { ipBlock: { cidr: "0.0.0.0/0", except: closedNetworks(site).sort() } };
  return allowEgress(ACCOUNTING_LABELS, [
    allowDns(),
    { to: [prometheus], ports: tcp(PROMETHEUS_PORT) },
    { to: [outside], ports: tcp(...MESSAGE_PORTS) },
  ]);
}
