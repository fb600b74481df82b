/** Secrets that a site cannot do without, and what is said when one is missing. */
import { expect, test } from "vitest";
import { linesOf, siteText } from "./sites";

const mariadb = "{ mode: inCluster, harvesterId: lab, pool: control, database: mariadb }";
const volumes = "\n  atlas-site:storage: { class: existing, name: fast }";

const routes = "{ mode: prometheus, pool: control, volumeGb: 5, memoryMb: 512, routes: [{ receiver: operators }] }";

test.each([
  ["storage", "{ class: cinder }", "cloudCredentials", "storage.class"],
  ["monitoring", routes + volumes, "alertReceivers", "monitoring.routes"],
  ["harvester", mariadb + volumes, "databasePassword", "harvester.database"],
])("a section %s of %s without the secret %s is told, and loads with it", (section, value, secret, path) => {
  const text = `${siteText}  atlas-site:${section}: ${value}\n`;
  const lines = linesOf(text);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^site\.yaml:\d+ /);
  expect(lines[0]).toContain(
    `${path}: the secret atlas-site:${secret} is missing; set it by: pulumi config set --secret`,
  );
  expect(linesOf(`${text}  atlas-site:${secret}:\n    secure: v1:abc\n`)).toEqual([]);
});

test("an existing cluster without its secret kubeconfig is told, and loads with it", () => {
  const text = `config:\n  atlas-site:site: { name: hired }\n  atlas-site:cluster:\n    provisioner: existing\n    identifier: hired\n`;
  expect(linesOf(text)).toEqual([expect.stringMatching(/^site\.yaml:4 .*the secret atlas-site:kubeconfig is missing/)]);
  expect(linesOf(`${text}  atlas-site:kubeconfig:\n    secure: v1:abc\n`)).toEqual([]);
});
