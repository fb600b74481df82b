/** Policies on pods, in the order of the reference page. */
import type { PodPolicy } from "../model/policy";
import { noHostNamespaces } from "./noHostNamespaces";
import { noPrivileged } from "./noPrivileged";

/** Every policy on pods. */
export const podPolicies: readonly PodPolicy[] = [noPrivileged, noHostNamespaces];
