/** Policies on rights, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { harvesterRoleMinimal } from "./harvesterRoleMinimal";
import { noAdmissionChanges } from "./noAdmissionChanges";
import { noCertificateApproval } from "./noCertificateApproval";
import { noClusterAdmin } from "./noClusterAdmin";
import { noClusterWideSecrets } from "./noClusterWideSecrets";
import { noExec } from "./noExec";
import { noNodeProxy } from "./noNodeProxy";
import { noPrivilegeVerbs } from "./noPrivilegeVerbs";
import { noSystemSubjects } from "./noSystemSubjects";
import { noTokenCreation } from "./noTokenCreation";
import { noVolumeCreation } from "./noVolumeCreation";
import { noWildcards } from "./noWildcards";
import { secretsByName } from "./secretsByName";

/** Every policy on rights. */
export const rbacPolicies: readonly Policy[] = [
  harvesterRoleMinimal,
  noWildcards,
  noClusterAdmin,
  noClusterWideSecrets,
  secretsByName,
  noPrivilegeVerbs,
  noExec,
  noSystemSubjects,
  noVolumeCreation,
  noNodeProxy,
  noCertificateApproval,
  noAdmissionChanges,
  noTokenCreation,
];
