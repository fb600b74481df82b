import { each, notApplicable, type StackPolicy } from "../model/policy";

/** Providers that would act on whatever is configured on the machine. */
const WITH_TARGET = /^(kubernetes|openstack):/;

/** Nothing goes to the cluster or cloud that happens to be configured on somebody's machine. */
export const noDefaultProviders: StackPolicy = {
  kind: "stack",
  name: "no-default-providers",
  title: "Every object of cluster and cloud has a provider of the program",
  why: "A default provider takes the kubeconfig and the cloud it finds on the machine that runs it: on an administrator's laptop that is another site.",
  level: "mandatory",
  severity: "high",
  frameworks: [{ framework: "atlas-site", version: "1", control: "default providers are off" }],
  remediation:
    'Pass the provider by the option provider or providers, and set pulumi:disable-default-providers: ["*"].',
  check: (resources) => {
    const aimed = resources.filter(({ type }) => WITH_TARGET.test(type));
    if (aimed.length === 0) {
      return notApplicable("there is no object of cluster or cloud");
    }
    return each(aimed, ({ urn, provider }) => {
      const unnamed = provider === undefined || /^default(_|$)/.test(provider.name);
      return unnamed ? { path: "", message: "it has the default provider", subject: urn } : undefined;
    });
  },
};
