/** What CVMFS adds to the rest of the site. */
import type { Contribution } from "../cluster/contribution";
import { hostCvmfs } from "./host";
import { squidOpenings } from "./openings";

/** Client and cache volume on batch machines, and the ports of the squids. */
export const cvmfsContribution: Contribution = {
  feature: "cvmfs",
  machines: hostCvmfs,
  openings: (cloud, { cvmfs }) => squidOpenings(cloud, cvmfs),
};
