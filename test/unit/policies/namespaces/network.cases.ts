import { defaultDenyEgress } from "../../../../policies/namespaces/defaultDenyEgress";
import { defaultDenyIngress } from "../../../../policies/namespaces/defaultDenyIngress";
import { ingressTls } from "../../../../policies/namespaces/ingressTls";
import { noBatchService } from "../../../../policies/namespaces/noBatchService";
import { noExternalIps } from "../../../../policies/namespaces/noExternalIps";
import { noNodePorts } from "../../../../policies/namespaces/noNodePorts";
import type { ObjectSetPolicy } from "../../../../policies/model/policy";
import type { PolicyCases } from "../policyCases";

const QUEUE = "apiVersion: v1\nkind: Namespace\nmetadata: { name: queue, labels: { atlas-site/queue: SITE-K8S } }\n";
const PLAIN = "apiVersion: v1\nkind: Namespace\nmetadata: { name: plain }\n";

function networkPolicy(spec: string, namespace = "queue"): string {
  return `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: ${namespace} }\nspec: ${spec}\n`;
}

function service(spec: string, namespace = "queue"): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: s, namespace: ${namespace} }\nspec: ${spec}\n`;
}

function ingress(spec: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: i, namespace: ns }\nspec: ${spec}\n`;
}

function denyCases(policy: ObjectSetPolicy, direction: "Ingress" | "Egress", rules: string): PolicyCases {
  const tells = `no NetworkPolicy for all pods closes ${rules} here`;
  return {
    policy,
    pass: {
      "both directions closed": QUEUE + networkPolicy("{ podSelector: {}, policyTypes: [Ingress, Egress] }"),
      "closed, and opened a little by another":
        QUEUE +
        networkPolicy(`{ podSelector: {}, policyTypes: [${direction}] }`) +
        networkPolicy(`{ podSelector: {}, policyTypes: [${direction}], ${rules}: [{ ports: [{ port: 53 }] }] }`),
    },
    fail: {
      none: { given: QUEUE, tells },
      "in another namespace": {
        given: QUEUE + networkPolicy(`{ podSelector: {}, policyTypes: [${direction}] }`, "other"),
        tells,
      },
      "for some pods": {
        given: QUEUE + networkPolicy(`{ podSelector: { matchLabels: { a: b } }, policyTypes: [${direction}] }`),
        tells,
      },
      "with a rule that opens everything": {
        given: QUEUE + networkPolicy(`{ podSelector: {}, policyTypes: [${direction}], ${rules}: [{}] }`),
        tells,
      },
      "for the other direction": {
        given:
          QUEUE +
          networkPolicy(`{ podSelector: {}, policyTypes: [${direction === "Ingress" ? "Egress" : "Ingress"}] }`),
        tells,
      },
    },
    notApplicable: { "no queue's namespace": PLAIN },
    unknown: { "which pods": QUEUE + networkPolicy(`{ podSelector: !unknown x, policyTypes: [${direction}] }`) },
  };
}

/** Cases of the policies on the network. */
export const cases: readonly PolicyCases[] = [
  denyCases(defaultDenyIngress, "Ingress", "ingress"),
  denyCases(defaultDenyEgress, "Egress", "egress"),
  {
    policy: noBatchService,
    pass: {
      "inside the cluster": `${QUEUE}---\n${service("{ type: ClusterIP }")}`,
      elsewhere: `${QUEUE}---\n${service("{ type: NodePort }", "n")}`,
    },
    fail: {
      "a node port": { given: `${QUEUE}---\n${service("{ type: NodePort }")}`, tells: "Service s of type NodePort" },
      "a load balancer": { given: `${QUEUE}---\n${service("{ type: LoadBalancer }")}`, tells: "LoadBalancer" },
      "an Ingress": {
        given: `${QUEUE}---\n${ingress("{}").replace("namespace: ns", "namespace: queue")}`,
        tells: "Ingress i opens a way in from outside",
      },
    },
    notApplicable: { "no queue's namespace": PLAIN },
    unknown: { "the type": `${QUEUE}---\n${service("{ type: !unknown x }")}` },
  },
  {
    policy: noNodePorts,
    pass: { "inside the cluster": service("{}") },
    fail: {
      "a node port": { given: service("{ type: NodePort }"), tells: "spec.type: it opens a port on every node" },
    },
    notApplicable: { "a namespace": PLAIN },
    unknown: { "the type": service("{ type: !unknown x }") },
  },
  {
    policy: noExternalIps,
    pass: { none: service("{ externalIPs: [] }") },
    fail: { one: { given: service("{ externalIPs: [192.0.2.1] }"), tells: "spec.externalIPs[0]: 192.0.2.1 is taken" } },
    notApplicable: { "a namespace": PLAIN },
    unknown: { "the addresses": service("{ externalIPs: !unknown x }") },
  },
  {
    policy: ingressTls,
    pass: {
      "for its host": ingress("{ tls: [{ hosts: [a.example], secretName: s }], rules: [{ host: a.example }] }"),
      "by a wildcard": ingress("{ tls: [{ hosts: ['*.example'] }], rules: [{ host: a.example }] }"),
      "for whatever comes": ingress("{ tls: [{ secretName: s }], rules: [{ host: a.example }] }"),
    },
    fail: {
      none: { given: ingress("{ rules: [{ host: a.example }] }"), tells: "spec.tls: it has no TLS" },
      "plain HTTP on purpose": {
        given: ingress("{ tls: [{ secretName: s }] }").replace(
          "{ name: i,",
          "{ name: i, annotations: { kubernetes.io/ingress.allow-http: 'true' },",
        ),
        tells: "it takes plain HTTP beside TLS",
      },
      "not for one host": {
        given: ingress("{ tls: [{ hosts: [a.example] }], rules: [{ host: a.example }, { host: b.example }] }"),
        tells: 'spec.rules[1].host: host "b.example" is in no entry of spec.tls',
      },
    },
    notApplicable: { "a namespace": PLAIN },
    unknown: { TLS: ingress("{ tls: !unknown x }") },
  },
];
