import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { admissionPolicies, bindingSpec } from "./admission/policies";
import type { AdmittedSite } from "./admission/policy";
import { JOBS_PRIORITY, OPERATORS } from "./names";
import { operatorRights, policyRules } from "./rights";
import { grant } from "../kubernetes/grant";
import { INFRASTRUCTURE_PRIORITY } from "../kubernetes/names";

/** What `SiteSecurity` is made from. */
export type SiteSecurityArgs = AdmittedSite;

/** Priority of the site's services; Kubernetes' own have 2,000,000,000 and more, jobs 0. */
const INFRASTRUCTURE_VALUE = 1_000_000;

/**
 * What holds in the whole cluster: admission policies for the queues' namespaces, priority classes, and the operators'
 * rights. Whatever lets Harvester in should wait for it, so that no Job comes before the rules.
 */
export class SiteSecurity extends pulumi.ComponentResource {
  constructor(name: string, args: SiteSecurityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("atlas-site:security:SiteSecurity", name, {}, opts);
    this.createAdmissionPolicies(name, args);
    this.createPriorityClasses(name);
    this.grantOperatorReadAccess(name);
    this.registerOutputs({});
  }

  private createAdmissionPolicies(name: string, site: AdmittedSite): void {
    for (const { name: policyName, spec } of admissionPolicies(site)) {
      const policy = new k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
        `${name}-${policyName}`,
        { metadata: { name: policyName }, spec },
        { parent: this },
      );
      new k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
        `${name}-${policyName}`,
        { metadata: { name: policyName }, spec: bindingSpec(policyName) },
        { parent: this, dependsOn: [policy] },
      );
    }
  }

  private createPriorityClasses(name: string): void {
    new k8s.scheduling.v1.PriorityClass(
      `${name}-infrastructure`,
      {
        metadata: { name: INFRASTRUCTURE_PRIORITY },
        value: INFRASTRUCTURE_VALUE,
        description: "Services without which no job runs for long; they may push jobs out.",
      },
      { parent: this },
    );
    new k8s.scheduling.v1.PriorityClass(
      `${name}-jobs`,
      {
        metadata: { name: JOBS_PRIORITY },
        value: 0,
        preemptionPolicy: "Never",
        description: "Jobs; they wait for room and push nothing out.",
      },
      { parent: this },
    );
  }

  private grantOperatorReadAccess(name: string): void {
    grant(
      `${name}-operators`,
      {
        to: { kind: "Group", name: OPERATORS },
        metadata: { name: "atlas-site-operators" },
        rules: policyRules(operatorRights()),
      },
      { parent: this },
    );
  }
}
