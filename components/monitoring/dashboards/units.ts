/** Units of the panels, in the words Grafana knows. */

/** Cores of a processor, whole or parts. */
export const CORES = "suffix:cores";
/** Core hours. */
export const CORE_HOURS = "suffix:core h";
/** A share between 0 and 1, shown in percent. */
export const SHARE = "percentunit";
/** Bytes, in powers of 1024. */
export const BYTES = "bytes";
/** Bytes a second. */
export const BYTES_PER_SECOND = "binBps";
/** Seconds, as long as they are. */
export const SECONDS = "s";
/** Requests a second. */
export const REQUESTS_PER_SECOND = "reqps";
/** Events of any kind a second. */
export const PER_SECOND = "cps";
/** A plain count. */
export const COUNT = "short";
