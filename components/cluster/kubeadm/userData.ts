/** User data of a machine: one cloud-config with every file it needs and the one program it runs. */
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { MachinePlan } from "../../cloud/plan";
import type { Pool } from "../../../stacks/site/site";
import { type ClusterCas, tokenParts } from "../pki";
import { auditPolicy } from "./auditPolicy";
import { BOOT_FILES, bootScript } from "./bootScript";
import type { ClusterPlan } from "./clusterPlan";
import { admissionConfig, CONTROL_PLANE_FILES, encryptionConfig, schedulerConfig } from "./controlPlaneFiles";
import { initConfiguration, joinConfiguration } from "./kubeadmConfig";
import type { BootFile } from "./nodeAddition";
import { KERNEL_FILES, kernelScript, kernelUnit, sysctls } from "./kernelSettings";
import { containerdConfig, crictlConfig, metadataBlock, metadataBlockUnit } from "./nodeConfig";

/** What only this machine's kind may know. A worker never sees a CA's key. */
export interface BootSecrets {
  /** The pool's bootstrap token. */
  readonly token: string;
  /** Fingerprint of the cluster's CA. */
  readonly caHash: string;
  /** The CAs with their keys; a worker's user data takes the certificate alone. */
  readonly cas: ClusterCas;
}

/** Nova refuses user data above 65,535 characters of base64. */
export const USER_DATA_LIMIT = 65_535;

/** Every file of a machine's user data. */
export function bootFiles(plan: ClusterPlan, machine: MachinePlan, pool: Pool, secrets: BootSecrets): BootFile[] {
  const program = (path: string, content: string): BootFile => ({ path, content, permissions: "0755" });
  const plain = (path: string, content: string): BootFile => ({ path, content, permissions: "0644" });
  const secret = (path: string, content: string): BootFile => ({ path, content, permissions: "0600" });
  const { token, caHash, cas } = secrets;
  const addition = plan.additions(machine, pool);
  return [
    program(BOOT_FILES.script, bootScript(plan, machine, addition.commands, tokenParts(token).id)),
    plain(BOOT_FILES.ca, cas.cluster.certPem),
    secret(BOOT_FILES.joinConfig, joinConfiguration(plan, machine, pool, token, caHash)),
    plain("/etc/containerd/config.toml", containerdConfig(plan)),
    plain("/etc/crictl.yaml", crictlConfig()),
    plain(KERNEL_FILES.sysctls, sysctls()),
    program(KERNEL_FILES.script, kernelScript()),
    plain(KERNEL_FILES.unit, kernelUnit()),
    plain(BOOT_FILES.metadataRules, metadataBlock()),
    plain("/etc/systemd/system/atlas-site-metadata.service", metadataBlockUnit(BOOT_FILES.metadataRules)),
    ...addition.files,
    ...(machine.role === "control-plane" ? controlPlaneFiles(plan, machine, pool, cas) : []),
  ];
}

function controlPlaneFiles(plan: ClusterPlan, machine: MachinePlan, pool: Pool, cas: ClusterCas): BootFile[] {
  const secret = (path: string, content: string): BootFile => ({ path, content, permissions: "0600" });
  const pki = (file: string, content: string) => secret(`${BOOT_FILES.pki}/${file}`, content);
  return [
    pki("ca.key", cas.cluster.keyPem),
    pki("front-proxy-ca.crt", cas.frontProxy.certPem),
    pki("front-proxy-ca.key", cas.frontProxy.keyPem),
    pki("etcd/ca.crt", cas.etcd.certPem),
    pki("etcd/ca.key", cas.etcd.keyPem),
    pki("sa.pub", cas.serviceAccount.publicPem),
    pki("sa.key", cas.serviceAccount.privatePem),
    ...(machine.index === 0 ? [secret(BOOT_FILES.initConfig, initConfiguration(plan, machine, pool))] : []),
    secret(CONTROL_PLANE_FILES["admission-config"], admissionConfig()),
    secret(CONTROL_PLANE_FILES["audit-policy"], auditPolicy()),
    secret(CONTROL_PLANE_FILES["encryption-config"], encryptionConfig(cas.encryptionKey)),
    secret(CONTROL_PLANE_FILES["scheduler-config"], schedulerConfig()),
  ];
}

/** The cloud-config text, before it is packed: what `cloud-init schema` judges and what the golden texts show. */
export function cloudConfig(files: readonly BootFile[]): string {
  const body = {
    manage_etc_hosts: "localhost",
    package_update: false,
    package_upgrade: false,
    ssh_pwauth: false,
    write_files: files.map(({ path, permissions, content }) => ({ path, permissions, owner: "root:root", content })),
    runcmd: [[BOOT_FILES.script]],
  };
  return `#cloud-config\n${stringify(body, { lineWidth: 0, blockQuote: "literal" })}`;
}

/**
 * User data as Nova takes it: gzip, which cloud-init unpacks by itself, in base64.
 * @throws RangeError above Nova's limit
 */
export function packUserData(text: string): string {
  const packed = gzipSync(text, { level: 9 }).toString("base64");
  if (packed.length > USER_DATA_LIMIT) {
    throw new RangeError(`user data has ${packed.length} characters, Nova takes ${USER_DATA_LIMIT}`);
  }
  return packed;
}
