/** What a settings file of the pack may hold: `policy-config.json` for every site, `config/<stack>.json` for one. */
import { z } from "zod";

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "a day written as YYYY-MM-DD")
  .refine((text) => !Number.isNaN(Date.parse(text)), "a day of the calendar, written as YYYY-MM-DD");
const days = z.int().min(1);
const name = z.string().min(1);
const amount = z.int().min(0).optional();

const subject = z
  .strictObject({
    kind: z.enum(["User", "Group", "ServiceAccount"]).describe("What it is."),
    name: name.describe("Its name."),
    namespace: name.optional().describe("Namespace of a ServiceAccount."),
  })
  .describe("Somebody a binding may name.");

const exemption = z
  .strictObject({
    policies: z.array(name).min(1).describe("Names of the policies that do not bind the object."),
    kind: name.describe("Kind of the object (DaemonSet); of a resource that is none, its type token."),
    namespace: name.optional().describe("Its namespace; absent for an object or resource without one."),
    name: name.describe("Its name."),
    reason: z.string().min(20, "at least 20 letters: a reason, not a word").describe("Why it has to be so."),
    expires: day.describe("Last day it holds; after that it no longer exempts, and the run says so."),
  })
  .describe("One object that some policies do not bind, for a reason and for a time.");

/** Limits of the cloud project that the policies know. */
export const quota = z
  .strictObject({
    instances: amount.describe("Machines."),
    cores: amount.describe("Virtual cores."),
    ramMb: amount.describe("Memory, in MiB."),
    ports: amount.describe("Neutron ports."),
    floatingIps: amount.describe("Floating IPs."),
    volumes: amount.describe("Volumes."),
    volumesGb: amount.describe("Size of all volumes together, in GB."),
  })
  .describe("What the cloud project may use; what is absent is not judged. Default: cloud.quota of the stack file.");

/** A settings file. Every key may be absent; what it then is stands in its description. */
export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe("Where this schema lies, for editors."),
    podSecurityVersion: z
      .enum(["1.33", "1.34", "1.35", "1.36", "1.37"])
      .optional()
      .describe("Version of the Pod Security Standards. Default 1.36."),
    registries: z
      .array(name)
      .optional()
      .describe(
        "Registries, and folders in them, that images may come from; the stack file's registryPrefix and imageRegistries are added. Default: any.",
      ),
    batchPods: z
      .enum(["jobs", "all"])
      .optional()
      .describe("jobs: pods of Jobs outside infrastructureNamespaces, and all pods in batchNamespaces, run payload."),
    batchNamespaces: z
      .array(name)
      .optional()
      .describe("Namespaces of queues. Default: those of the stack file's queues."),
    unconfinedNamespaces: z
      .array(name)
      .optional()
      .describe("Namespaces whose pods may have seccomp Unconfined. Default: the stack file's queues that say so."),
    infrastructureNamespaces: z.array(name).optional().describe("Namespaces whose Jobs are the site's own."),
    hostPaths: z
      .array(name)
      .optional()
      .describe(
        "Directories of a node that a pod may mount, read-only, each exactly as written; a last `*` is any one name. Default: /cvmfs, /cvmfs/* and the directories of ATLAS' repositories that UVic mounts; none where the stack file has CVMFS by CSI or not at all.",
      ),
    proxySecrets: z.array(name).optional().describe("Names of the secrets with a grid proxy, for batch pods alone."),
    schedulers: z.array(name).optional().describe("Schedulers that run in the cluster."),
    longestTtlSeconds: z
      .int()
      .min(1)
      .optional()
      .describe(
        "The longest a finished Job may stay, in seconds. Default: 7 days, or keepFinishedHours of a queue if that is longer.",
      ),
    longestJobSeconds: z
      .int()
      .min(1)
      .optional()
      .describe(
        "The longest deadline of a Job, in seconds. Default: 14 days, or maxHours of a queue if that is longer.",
      ),
    longestGraceSeconds: z
      .int()
      .min(1)
      .optional()
      .describe("The longest time a pod of a Job may take to stop, in seconds. Default 3600."),
    runtimeClasses: z.array(name).optional().describe("RuntimeClasses of the cluster. Default: none."),
    queueing: z.boolean().optional().describe("Whether a queueing system (Kueue) admits jobs."),
    clusterAdmins: z.array(subject).optional().describe("Who may be bound to cluster-admin. Default: nobody."),
    harvesters: z.array(subject).optional().describe("Who Harvester is in the cluster."),
    endOfLife: z
      .record(z.string().regex(/^1\.\d+$/, "a minor version"), day)
      .optional()
      .describe("Last day of support by minor version, beside those the pack knows."),
    auditDays: days.optional().describe("Days that audit logs must be kept. Default 90."),
    logArchiveDays: days
      .optional()
      .describe("Days that the archive of logs keeps them. Default: logs.retentionDays of the stack file."),
    accountingDays: days.optional().describe("Days of metrics that an accounting period spans. Default 31."),
    pledged: z
      .boolean()
      .optional()
      .describe("Whether the site reports its use to WLCG. Default: whether the stack file has accounting."),
    batchCores: amount.describe("Cores that jobs run on. Default: those of the stack file's batch pools."),
    quota: quota.optional(),
    flavors: z
      .record(name, z.strictObject({ vcpus: z.int().min(1), ramMb: z.int().min(1) }))
      .optional()
      .describe("Sizes of flavors by name. Default: those of the stack file."),
    controlPlanePools: z
      .array(name)
      .optional()
      .describe(
        "Pools whose machines are the control plane. Default: those with role control-plane in the stack file.",
      ),
    workerPools: z
      .array(name)
      .optional()
      .describe("Pools whose machines run jobs or services. Default: all others of the stack file."),
    resourceTypes: z.array(name).optional().describe("Prefixes of the resource types a stack may consist of."),
    replacements: z
      .strictObject({
        machines: z.int().min(0).describe("Machines that one update may replace or delete without being named."),
        allowed: z.array(name).describe("Names of resources that may be, although they are machines or hold data."),
      })
      .optional()
      .describe("What one update may replace or delete; read by `npm run policy:preview`."),
    exemptions: z.array(exemption).optional().describe("Objects that policies do not bind; told in every run."),
  })
  .describe("Settings of the policy pack.");

/** A settings file, read. */
export type Config = z.infer<typeof configSchema>;

/** The schema as the text of its file, for editors. */
export function configSchemaText(): string {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => {
      // The largest number JavaScript counts with says nothing to a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum;
      }
    },
  });
  return `${JSON.stringify({ title: "Settings of the policy pack", ...schema }, undefined, 2)}\n`;
}
