const MB = 1024 * 1024;

/** So much may wait for the API: of one customer, of one business, of all. */
const LIMITS = {
  customer: { messages: 500, bytes: 2 * MB },
  business: { messages: 5_000, bytes: 16 * MB },
  all: { messages: 20_000, bytes: 64 * MB }
};
/** What a message takes beside its text, about. */
const OVERHEAD = 500;

/** How much waits for the API, and whether there is room for more. */
export class Room {
  #limits;
  #used = new Map();

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /** All that waits. */
  get used() {
    return this.#of('all');
  }

  has(business, from) {
    return places({ business, from }).every(([key, limit]) => {
      const { messages, bytes } = this.#of(key);
      return messages < this.#limits[limit].messages && bytes < this.#limits[limit].bytes;
    });
  }

  take(message) {
    this.#change(message, 1);
  }

  free(message) {
    this.#change(message, -1);
  }

  #change(message, sign) {
    const size = OVERHEAD + 2 * (message.text?.length ?? 0);
    for (const [key] of places(message)) {
      const before = this.#of(key);
      const after = { messages: before.messages + sign, bytes: before.bytes + sign * size };
      if (after.messages > 0) this.#used.set(key, after);
      else this.#used.delete(key);
    }
  }

  #of(key) {
    return this.#used.get(key) ?? { messages: 0, bytes: 0 };
  }
}

function places({ business, from }) {
  return [['all', 'all'], [`${business}`, 'business'], [`${business}/${from}`, 'customer']];
}
