/** Names of Jobs, and of the pods that come from them. */

/** What Harvester names its Jobs by. */
const WORKER_PREFIX = "grid-job-";

/** Longest name that Kubernetes adds five letters to. */
const LONGEST_BASE = 58;

/** Letters and digits of the five: no vowel, so that they make no word. */
const SUFFIX = /^[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** The Job that is meant by a name, or by the number of a Harvester worker. */
export function jobNamed(text: string): string {
  return /^\d+$/.test(text) ? `${WORKER_PREFIX}${text}` : text;
}

/** The number of the worker that a Job is of; undefined: it is not Harvester's. */
export function workerOf(job: string): number | undefined {
  const digits = job.startsWith(WORKER_PREFIX) ? job.slice(WORKER_PREFIX.length) : "";
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** What the names of a Job's pods begin with. */
export function podNameBase(job: string): string {
  return `${job}-`.slice(0, LONGEST_BASE);
}

/** Whether a pod may be of a Job, by its name alone: one of another Job with nearly that name may look the same. */
export function mayBePodOf(job: string, pod: string): boolean {
  const base = podNameBase(job);
  return pod.startsWith(base) && SUFFIX.test(pod.slice(base.length));
}
