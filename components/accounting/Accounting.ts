import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Transform, transformed } from "../kubernetes/transform";
import type { Queue } from "../../stacks/site/site";
import { InfrastructureNamespace } from "../kubernetes/InfrastructureNamespace";
import { ACCOUNTING_LABELS, accountingEgress, accountingPodSpec, schedule } from "./accountingPod";
import type { AccountedSite } from "./accountedSite";
import { processorEnvironment, SENDER_FILE, senderSettings } from "./kuantifier";
import { ACCOUNTING_NAMESPACE, accountingName, KUANTIFIER } from "./names";

/** Seconds that a run may take, with its new starts: less than until the next day's. */
const RUN_SECONDS = 12 * 3600;

/** Seconds that a run may be late; after that the next day's does its work, too. */
const LATE_SECONDS = 6 * 3600;

/** What an `Accounting` is made from. */
export interface AccountingArgs extends AccountedSite {
  /** Changes to objects before they are registered. */
  transform?: { cronJob?: Transform<k8s.batch.v1.CronJobArgs> };
}

/** What one queue's CronJob is made from. */
interface Installation {
  readonly site: AccountingArgs;
  readonly queue: Queue;
  /** Place of the queue among the site's. */
  readonly position: number;
  readonly namespace: pulumi.Input<string>;
}

/**
 * APEL records of each queue, once a day: Kuantifier makes them from Prometheus and sends them to the message service.
 * Certificate and key come from a Secret that the operator makes; no token of the Kubernetes API is anywhere.
 */
export class Accounting extends pulumi.ComponentResource {
  constructor(name: string, args: AccountingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:accounting:Accounting", name, {}, opts);
    const parent = { parent: this };
    const { namespace } = new InfrastructureNamespace(
      name,
      { namespace: ACCOUNTING_NAMESPACE, level: "restricted" },
      parent,
    );
    const metadata = { name: KUANTIFIER, namespace, labels: ACCOUNTING_LABELS };
    const before = [
      new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, parent),
      new k8s.networking.v1.NetworkPolicy(name, { metadata, spec: accountingEgress(args) }, parent),
      new k8s.core.v1.ConfigMap(name, { metadata, data: { [SENDER_FILE]: senderSettings(args.accounting) } }, parent),
    ];
    Object.values(args.queues).forEach((queue, position) => {
      this.createCronJob(`${name}-${queue.namespace}`, { site: args, queue, position, namespace }, before);
    });
    this.registerOutputs({});
  }

  /** One installation, as Kuantifier calls it: it knows the pods of one namespace. */
  private createCronJob(
    name: string,
    { site, queue, position, namespace }: Installation,
    before: pulumi.Resource[],
  ): void {
    const metadata = { name: accountingName(queue.namespace), namespace, labels: ACCOUNTING_LABELS };
    const configuration = new k8s.core.v1.ConfigMap(
      name,
      { metadata, data: processorEnvironment(site, queue) },
      { parent: this },
    );
    new k8s.batch.v1.CronJob(
      ...transformed<k8s.batch.v1.CronJobArgs>(
        site.transform?.cronJob,
        name,
        {
          metadata,
          spec: {
            schedule: schedule(position),
            timeZone: "Etc/UTC",
            concurrencyPolicy: "Forbid",
            startingDeadlineSeconds: LATE_SECONDS,
            successfulJobsHistoryLimit: 7,
            failedJobsHistoryLimit: 7,
            jobTemplate: {
              metadata: { labels: ACCOUNTING_LABELS },
              spec: {
                activeDeadlineSeconds: RUN_SECONDS,
                backoffLimit: 2,
                template: { metadata: { labels: ACCOUNTING_LABELS }, spec: accountingPodSpec(site, queue) },
              },
            },
          },
        },
        { parent: this, dependsOn: [...before, configuration] },
      ),
    );
  }
}
