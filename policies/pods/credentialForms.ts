/** Values that are credentials wherever they stand, by their form. */

const FORMS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  // A key copied by hand may lose dashes; it is no less a key.
  { what: "a private key", pattern: /-{3,5}BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-{3,5}/ },
  { what: "an access key of a cloud", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{30,}/ },
  { what: "a token of a forge", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{20,}|glpat-[\w-]{20})/ },
  { what: "a token of a registry", pattern: /\b(?:npm_[A-Za-z0-9]{30,}|pypi-AgE\w{20,}|dckr_pat_[\w-]{20,})/ },
  {
    what: "a token of a service",
    pattern: /\b(?:xox[abprs]-[\w-]{10,}|sk_live_\w{10,}|sk-(?:proj-)?\w{16,}|hf_\w{20,}|hvs\.\w{16,})/,
  },
  {
    what: "a token of a service",
    pattern: /\bSG\.[\w-]{16,}\.[\w-]{16,}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/,
  },
  { what: "a signed token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
  { what: "a bearer's token", pattern: /\bbearer\s+(?=[\w.~+/=-]*\d)(?=[\w.~+/=-]*[a-z])[\w.~+/=-]{5,}/i },
  { what: "a bootstrap token", pattern: /\btoken["':=\s]+[a-z0-9]{6}\.[a-z0-9]{16}\b/ },
  { what: "a password of curl", pattern: /\bcurl\b[^\n]*\s(?:-u|--user)[\s=]*["']?[^\s:"'$]+:[^\s"'$<{]+/ },
];

/** An address with user and password; the password is read by itself. */
const ADDRESS = /\b[a-z][\w+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/gi;

/** A password in an address that stands for one: a variable, a template, a format. */
const STANDS_FOR_ONE = /^(?:[$<{*]|%(?:[a-z]|[A-Z_]+%)$|x+$)/;

/** What a value is by its form alone; undefined when it is none of these. */
export function formOf(value: string): string | undefined {
  const found = FORMS.find(({ pattern }) => pattern.test(value));
  if (found !== undefined) {
    return found.what;
  }
  if ([...value.matchAll(ADDRESS)].some(([, password = ""]) => !STANDS_FOR_ONE.test(password))) {
    return "a password in an address";
  }
  const basic = /\bbasic\s+([A-Za-z0-9+/]{6,}={0,2})/i.exec(value)?.[1];
  return basic !== undefined && isUserAndPassword(basic) ? "a user and password" : undefined;
}

/** Whether a text is a user and a password in base64, as HTTP and registries write them. */
export function isUserAndPassword(text: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]+$/.test(Buffer.from(text, "base64").toString("latin1"));
}
