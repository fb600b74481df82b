/** Everything that is generated and committed, in an order in which no product reads one that comes after it. */
import { renderDashboards } from "../../components/monitoring/dashboards/render";
import { generatedPages } from "../../docs/generated";
import { configSchemaText } from "../../policies/config/schema";
import { stackFileSchemaText } from "../../stacks/site/stackFileSchema";
import { goldens } from "./goldens";
import { kubernetesProducts } from "./kubernetesProducts";
import type { Product } from "./product";
import { shippedRuns } from "./shippedRuns";

const DASHBOARDS = "components/monitoring/dashboards/json";

/** Every product. */
export const products: readonly Product[] = [
  ...kubernetesProducts,
  {
    name: "schema",
    title: "schema that editors check stack files by: stacks/site.schema.json",
    files: () => Promise.resolve({ "stacks/site.schema.json": stackFileSchemaText() }),
  },
  {
    name: "policy-schema",
    title: "schema that editors check policy settings by: policies/config/policy-config.schema.json",
    files: () => Promise.resolve({ "policies/config/policy-config.schema.json": configSchemaText() }),
  },
  {
    name: "dashboards",
    title: `Grafana's dashboards, which the program deploys: ${DASHBOARDS}/`,
    folders: [DASHBOARDS],
    files: () =>
      Promise.resolve(
        Object.fromEntries(Object.entries(renderDashboards()).map(([name, text]) => [`${DASHBOARDS}/${name}`, text])),
      ),
  },
  {
    name: "docs",
    title: "pages of docs/ that are made from the program, one page per policy among them",
    folders: ["docs/policies"],
    files: async () => {
      const recordings = Object.values(await shippedRuns());
      return Object.fromEntries(generatedPages.map(({ file, text }) => [`docs/${file}`, text(recordings)]));
    },
  },
  ...goldens,
];
