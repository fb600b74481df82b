/** The generated pages: each new one is a line here, and `npm run generate` covers it. */
import { allPolicies } from "../policies/all";
import type { Recording } from "../stacks/site/offline/recorder";
import { firewallPage } from "./firewallPage";
import { jobFieldsPage } from "./jobFieldsPage";
import { policiesPage } from "./policiesPage";
import { pageOf, policyPage } from "./policyPage";
import { runbooksPage } from "./runbooksPage";
import { securityPage } from "./securityPage";
import { siteFilePage } from "./siteFilePage";
import { sitesPage } from "./sitesPage";

/** A page made from the program's own plans, so that the two cannot disagree. */
export interface GeneratedPage {
  /** Name of the file in `docs/`. */
  readonly file: string;
  /**
   * The page in Markdown, with a line that says how it is made.
   * @param shipped runs of the program on the shipped stacks
   */
  text(shipped: readonly Recording[]): string;
}

/** Every generated page. */
export const generatedPages: readonly GeneratedPage[] = [
  { file: "site-file.md", text: siteFilePage },
  { file: "firewall.md", text: firewallPage },
  { file: "security.md", text: securityPage },
  { file: "job-fields.md", text: jobFieldsPage },
  { file: "policies.md", text: policiesPage },
  ...allPolicies.map((policy) => ({ file: pageOf(policy), text: () => policyPage(policy) })),
  { file: "sites.md", text: sitesPage },
  { file: "runbooks/README.md", text: runbooksPage },
];
