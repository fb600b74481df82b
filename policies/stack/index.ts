/** Policies on a stack as a whole, in the order of the reference page. */
import type { Policy } from "../model/policy";
import { clusterIdentifier } from "./clusterIdentifier";
import { knownTypes } from "./knownTypes";
import { noDefaultProviders } from "./noDefaultProviders";
import { outputsSecret } from "./outputsSecret";
import { protectData } from "./protectData";
import { protectFoundations } from "./protectFoundations";
import { quotaSums } from "./quotaSums";
import { replacementGuard } from "./replacementGuard";

/** Every policy on a stack as a whole. */
export const stackPolicies: readonly Policy[] = [
  quotaSums,
  replacementGuard,
  protectData,
  protectFoundations,
  clusterIdentifier,
  noDefaultProviders,
  knownTypes,
  outputsSecret,
];
