/** Every subject that the site has rules on. */
import type { MonitoredSite } from "../monitoredSite";
import { batch } from "./batch";
import { controlPlane } from "./controlPlane";
import { credentials } from "./credentials";
import { cvmfs } from "./cvmfs";
import { jobs } from "./jobs";
import { nodes } from "./nodes";
import { records } from "./records";
import type { Subject } from "./ruleFile";
import { services } from "./services";
import { squid } from "./squid";
import { stuckPods } from "./stuckPods";
import { watching } from "./watching";

/** Subjects by name, those without any rule left out; a name is that of a rule file and of its group. */
export function subjects(site: MonitoredSite): Record<string, Subject> {
  const forQueues = { batch, jobs, "stuck-pods": stuckPods };
  const forAll = { credentials, nodes, cvmfs, squid, "control-plane": controlPlane, services, records, watching };
  const all = { ...(Object.keys(site.queues).length === 0 ? {} : forQueues), ...forAll };
  const made = Object.entries(all).map(([name, subject]) => [name, subject(site)] as const);
  return Object.fromEntries(made.filter(([, subject]) => subject.records.length + subject.alerts.length > 0));
}
