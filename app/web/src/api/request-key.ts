/** The Idempotency-Key of a dialog. The same request again, by a double click or after a lost answer, is done once. */
export class RequestKey {
  #key = newKey();
  #request: string | undefined;

  for(request: object): string {
    const text = JSON.stringify(request);
    if (this.#request !== undefined && this.#request !== text) this.#key = newKey();
    this.#request = text;
    return this.#key;
  }
}

/** `crypto.randomUUID` is there only where pages come over TLS or from this machine. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
