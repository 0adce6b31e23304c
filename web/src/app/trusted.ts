/** The one policy by which the app makes script URLs; the page's policy forbids all others. */
interface Policy {
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Policy): Policy;
}

const factory = (globalThis as { readonly trustedTypes?: Factory }).trustedTypes;
const rules: Policy = {
  createScriptURL(url) {
    const whole = new URL(url, location.origin);
    if (whole.origin !== location.origin) throw new TypeError("scripts come from this server alone");
    return whole.href;
  },
};

/** The address of a script of ours, in the form that the browser accepts. */
export function scriptUrl(url: string): string {
  return (factory?.createPolicy("loquat", rules) ?? rules).createScriptURL(url);
}
