import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { harvesterIdentity } from "../../../components/harvester/remoteAccess";
import { runProgram } from "../../support/program";

interface Kubeconfig {
  clusters: { cluster: { server: string } }[];
  users: { user: Record<string, string> }[];
  contexts: { context: { namespace?: string } }[];
}

async function kubeconfigs(site: string): Promise<Record<string, Kubeconfig>> {
  const { outputs } = await runProgram(site);
  const texts = outputs.harvesterKubeconfigs.value as Record<string, string>;
  return Object.fromEntries(Object.entries(texts).map(([queue, text]) => [queue, parse(text) as Kubeconfig]));
}

function certificate(kubeconfig: Kubeconfig): X509Certificate {
  return new X509Certificate(Buffer.from(kubeconfig.users[0].user["client-certificate-data"], "base64"));
}

describe("Harvester's access from outside", () => {
  test("is a kubeconfig a queue, in the queue's namespace, at the cluster's endpoint", async () => {
    const all = await kubeconfigs("small");
    expect(Object.keys(all)).toEqual(["TEST-K8S"]);
    const { contexts, clusters } = all["TEST-K8S"];
    expect(contexts[0].context.namespace).toBe("harvester");
    expect(clusters[0].cluster.server).toBe("https://10.64.0.2:6443");
  });

  test("is by a certificate that names the user of the rights and no group at all: only its Roles count", async () => {
    const { subject } = certificate((await kubeconfigs("small"))["TEST-K8S"]);
    expect(subject).toBe(`CN=${harvesterIdentity.user}`);
    const { recording } = await runProgram("small");
    const binding = recording.only("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "harvester");
    expect(binding.inputs.subjects).toMatchObject([{ kind: "User", name: harvesterIdentity.user }]);
  });

  test("is another one than the administrator's", async () => {
    const { outputs } = await runProgram("small");
    const administrator = parse(String(outputs.kubeconfig.value)) as Kubeconfig;
    expect(certificate(administrator).subject).toBe("O=kubeadm:cluster-admins\nCN=atlas-site:administrator");
    const harvester = certificate((await kubeconfigs("small"))["TEST-K8S"]);
    expect(harvester.publicKey.equals(certificate(administrator).publicKey)).toBe(false);
  });

  test.each(["existing", "magnum"])(
    "on %s, where the program does not hold the CA, is by the token of a ServiceAccount that the queue's Role is bound to",
    async (name) => {
      const [kubeconfig] = Object.values(await kubeconfigs(name));
      // The stand-in cluster fills no token in; the key must be there, and no certificate.
      expect(Object.keys(kubeconfig.users[0].user)).toEqual(["token"]);
      expect(kubeconfig.contexts[0].context.namespace).toBe("harvester");
      const { recording } = await runProgram(name);
      const secret = recording.only("kubernetes:core/v1:Secret", "clients-harvester");
      expect(secret.inputs).toMatchObject({
        type: "kubernetes.io/service-account-token",
        metadata: {
          namespace: "atlas-site-clients",
          annotations: { "kubernetes.io/service-account.name": "harvester" },
        },
      });
      expect(secret.secretOutputs).toContain("data");
      const binding = recording.only("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "harvester");
      expect(binding.inputs.subjects).toEqual([
        { kind: "ServiceAccount", name: "harvester", namespace: "atlas-site-clients" },
      ]);
    },
  );
});
