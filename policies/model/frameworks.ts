/** References to what others demand, by the edition the pack was written against. */
import type { Reference } from "./policy";

const by = (framework: string, version: string) => (control: string) => ({ framework, version, control }) as Reference;

/** Pod Security Standards: `level: name of the check`. */
export const podSecurity = by("Pod Security Standards", "1.36");
/** CIS Kubernetes Benchmark, by number. */
export const cis = by("CIS Kubernetes", "1.12");
/** NSA/CISA hardening guide in Kubescape's controls, by number. */
export const nsa = by("NSA/Kubescape", "2.0.33");
/** Kyverno's policy library, by name. */
export const kyverno = by("Kyverno", "b9c4317");
/** kube-linter's checks, by name. */
export const kubeLinter = by("kube-linter", "0.8.3");
/** Polaris' checks, by name. */
export const polaris = by("Polaris", "10.2.2");
/** kubesec's rules, by name. */
export const kubesec = by("kubesec", "2.14.2");
/** Nobody else demands it: the reason is in the policy's own text. */
export const own = by("atlas-site", "0.1.0");
