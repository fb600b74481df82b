/** What the files of a Harvester inside the cluster say, and whom it may talk to. */
import { serviceSite } from "../../support/componentArgs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { PROXY_FILE } from "../../../components/harvester/names";
import { serviceFiles } from "../../../components/harvester/serviceConfiguration";
import { servicePolicies } from "../../../components/harvester/servicePolicies";
import { inCluster, QUEUE } from "./harvesterSite";

describe("its files", () => {
  const files = serviceFiles(serviceSite(inCluster()));

  test("have one configuration and one template a queue, at the paths the container has", () => {
    const queues = JSON.parse(files["panda_queueconfig.json"]) as Record<string, { common: Record<string, string> }>;
    expect(Object.keys(queues)).toEqual([QUEUE]);
    expect(queues[QUEUE].common).toMatchObject({
      k8s_yaml_file: `/etc/harvester/configuration/job-${QUEUE}.yaml`,
      k8s_config_file: "/etc/harvester/configuration/kubeconfig.yaml",
    });
    expect(parse(files[`job-${QUEUE}.yaml`])).toMatchObject({ kind: "Job" });
  });

  test("come to the API by a token file that is renewed, and by no other credential", () => {
    const kubeconfig = parse(files["kubeconfig.yaml"]) as { users: { user: object }[] };
    expect(kubeconfig.users).toEqual([{ name: "harvester", user: { tokenFile: "/etc/harvester/api/token" } }]);
  });

  test("name the keys without which the Kubernetes submitter fails, and the proxy of the operator's Secret", () => {
    const { pandacon, payload_interaction } = JSON.parse(files["panda_harvester_configmap.json"]) as Record<
      string,
      object
    >;
    expect(pandacon).toMatchObject({
      cert_file: `/etc/harvester/credentials/${PROXY_FILE}`,
      pandaCacheURL: "https://pandacache.cern.ch:25443",
      pandaCacheURL_W_path: "/server/panda",
      pandaCacheURL_R_path: "/cache",
    });
    expect(payload_interaction).toEqual({ jobSpecFile: "pandaJobData.out" });
  });

  test("have a refused proxy written again within minutes", () => {
    const { credmanager } = JSON.parse(files["panda_harvester_configmap.json"]) as {
      credmanager: { sleepTime: number };
    };
    expect(credmanager.sleepTime).toBeGreaterThanOrEqual(60);
    expect(credmanager.sleepTime).toBeLessThanOrEqual(300);
  });

  test("leave the password to Harvester, which takes it from the environment", () => {
    const { db } = JSON.parse(serviceFiles(serviceSite(inCluster("mariadb")))["panda_harvester_configmap.json"]) as {
      db: object;
    };
    expect(db).toMatchObject({
      engine: "mariadb",
      host: "harvester-database",
      password: "${HARVESTER_DATABASE_PASSWORD}",
    });
  });
});

describe("its network", () => {
  test("leads to names, the API, PanDA and CRIC, and to its database alone where it has one", () => {
    const { harvester } = servicePolicies(
      serviceSite(inCluster("sqlite", { pandaUrl: "https://panda.example:25443" })),
    );
    expect(Object.keys(servicePolicies(serviceSite(inCluster())))).toEqual(["harvester"]);
    expect(harvester.policyTypes).toEqual(["Egress"]);
    expect(harvester.egress).toHaveLength(3);
    const world = harvester.egress!.at(-1)!;
    expect(world.ports).toEqual([
      { protocol: "TCP", port: 443 },
      { protocol: "TCP", port: 25_443 },
    ]);
    expect(world.to[0]).toMatchObject({ ipBlock: { cidr: "0.0.0.0/0" } });
    expect(JSON.stringify(world.to)).toContain("169.254.0.0/16");
    expect(JSON.stringify(world.to)).toContain("10.64.0.0/22");
  });

  test("lets Harvester, and nobody else, to the database, which itself reaches nothing", () => {
    const policies = servicePolicies(serviceSite(inCluster("mariadb")));
    expect(policies["harvester-database"]).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "harvester-database" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "harvester" } } }],
          ports: [{ protocol: "TCP", port: 3306 }],
        },
      ],
    });
    expect(policies.harvester.egress).toHaveLength(4);
  });
});
