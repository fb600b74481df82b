/** The golden files: what the program declares and configures, committed so that a reviewer sees every change of it. */
import { stringify } from "yaml";
import { jobTemplateText } from "../../components/harvester/jobTemplate";
import { serviceFiles } from "../../components/harvester/serviceConfiguration";
import { dumpSites } from "../../stacks/site/offline/dump";
import { known, serviceSite } from "../support/componentArgs";
import { GOLDEN, urnList } from "../support/goldenUrns";
import { CVMFS, harvesterSite, inCluster, QUEUE } from "../unit/harvester/harvesterSite";
import { machineGoldens, machineTexts } from "./machineGoldens";
import type { Product } from "./product";
import { shareFiles } from "./sharedFiles";
import { shippedRuns } from "./shippedRuns";

/** Files below a folder of the golden files. */
function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${GOLDEN}/${folder}/${name}`, text]));
}

function harvesterGoldens(): Record<string, string> {
  const databases = ["sqlite", "mariadb"] as const;
  const { stored, names } = shareFiles(
    Object.fromEntries(databases.map((database) => [database, serviceFiles(serviceSite(inCluster(database)))])),
  );
  const lists = Object.fromEntries(Object.entries(names).map(([database, files]) => [database, Object.values(files)]));
  return { ...stored, "databases.yaml": stringify(lists) };
}

function jobTemplates(): Record<string, string> {
  const modes = ["none", "host", "csi"] as const;
  return Object.fromEntries(
    modes.map((mode) => {
      const site = harvesterSite({ cvmfs: CVMFS[mode] });
      return [`${mode}.yaml`, jobTemplateText(known(site), site.queues[QUEUE])];
    }),
  );
}

/** Everything below `test/golden/`. */
export const goldens: readonly Product[] = [
  {
    name: "resources",
    title:
      "what the program declares for the shipped stacks: test/golden/resources/ by layer, test/golden/urns.txt the names",
    folders: [`${GOLDEN}/resources`],
    files: async () => {
      const runs = await shippedRuns();
      const layers = Object.entries(dumpSites(runs)).map(([layer, text]) => [`${layer}.yaml`, text]);
      return { ...below("resources", Object.fromEntries(layers)), [`${GOLDEN}/urns.txt`]: urnList(runs) };
    },
  },
  {
    name: "user-data",
    title: "user data of each kind of machine: test/golden/user-data/",
    folders: [`${GOLDEN}/user-data`],
    files: () => Promise.resolve(below("user-data", machineGoldens(machineTexts()))),
  },
  {
    name: "harvester",
    title: "Harvester's configuration and job templates: test/golden/harvester-service/, test/golden/job-templates/",
    folders: [`${GOLDEN}/harvester-service`, `${GOLDEN}/job-templates`],
    files: () =>
      Promise.resolve({ ...below("harvester-service", harvesterGoldens()), ...below("job-templates", jobTemplates()) }),
  },
];
