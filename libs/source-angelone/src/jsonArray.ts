const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** No element of a master comes near it: a string left open would otherwise collect the rest of the file. */
const MAX_ELEMENT = 65_536;

/** What is wrong with the text as a whole. */
export type JsonFault = string;

/** Receives each element, and its text as it came, with the white space around it. */
export type OnElement = (value: unknown, raw: string) => JsonFault | undefined;

/** What JSON calls white space; `trim` takes more. */
const isBlank = (text: string): boolean => /^[ \t\n\r]*$/.test(text);

/**
 * Reads one JSON array of any length as its bytes arrive, in one pass, holding no more than one unfinished element.
 * It finds where elements end; what stands between is for `JSON.parse`, so that it takes what `JSON.parse` takes of
 * the whole, and nothing else.
 */
export class JsonArrayReader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #text = "";
  /** Where the scan goes on, and where the present element began. */
  #at = 0;
  #start = 0;
  /** Brackets open inside the element. */
  #depth = 0;
  #isInString = false;
  #stage: "before" | "first" | "inside" | "after" = "before";

  /** Takes the next bytes and hands on the elements they complete. */
  push(bytes: Uint8Array, onElement: OnElement): JsonFault | undefined {
    return this.#take(() => this.#decoder.decode(bytes, { stream: true }), onElement);
  }

  /** To be called after the last bytes: an unfinished array is a fault. */
  end(onElement: OnElement): JsonFault | undefined {
    const fault = this.#take(() => this.#decoder.decode(), onElement);
    if (fault !== undefined) return fault;
    if (this.#stage === "before") return "it is empty";
    return this.#stage === "after" ? undefined : "it ends before its array does";
  }

  #take(decode: () => string, onElement: OnElement): JsonFault | undefined {
    try {
      this.#text += decode();
    } catch {
      return "it is not UTF-8 text";
    }
    const fault = this.#begin() ?? this.#scan(onElement);
    if (fault !== undefined) return fault;
    this.#text = this.#text.slice(this.#start);
    this.#at -= this.#start;
    this.#start = 0;
    return this.#text.length > MAX_ELEMENT
      ? `an element is longer than ${MAX_ELEMENT} characters`
      : undefined;
  }

  /** Finds the bracket that opens the array. */
  #begin(): JsonFault | undefined {
    if (this.#stage !== "before") return undefined;
    const first = this.#text.search(/[^ \t\n\r]/);
    if (first < 0) {
      this.#text = "";
      return undefined;
    }
    if (this.#text.charCodeAt(first) !== OPEN_ARRAY) return "it is no array";
    this.#stage = "first";
    this.#at = this.#start = first + 1;
    return undefined;
  }

  #scan(onElement: OnElement): JsonFault | undefined {
    const text = this.#text;
    let at = this.#at;
    let depth = this.#depth;
    let isInString = this.#isInString;
    while (at < text.length && this.#stage !== "after") {
      if (isInString) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          at = this.#unfinishedEscape(at);
          break;
        }
        isInString = isEscaped(text, at, quote);
        at = quote + 1;
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === QUOTE) isInString = true;
      else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
      else if (depth > 0 && (code === CLOSE_OBJECT || code === CLOSE_ARRAY)) depth--;
      else if (depth === 0 && (code === COMMA || code === CLOSE_ARRAY)) {
        const fault = this.#element(text.slice(this.#start, at), code === CLOSE_ARRAY, onElement);
        if (fault !== undefined) return fault;
        this.#start = at + 1;
      }
      at++;
    }
    if (this.#stage === "after") {
      if (!isBlank(text.slice(this.#start))) return "it goes on after its array";
      this.#start = at = text.length;
    }
    this.#at = at;
    this.#depth = depth;
    this.#isInString = isInString;
    return undefined;
  }

  /** In a string that has not ended: to go on before a run of backslashes, whose number tells what the next does. */
  #unfinishedEscape(from: number): number {
    let end = this.#text.length;
    while (end > from && this.#text.charCodeAt(end - 1) === BACKSLASH) end--;
    return end;
  }

  #element(raw: string, isLast: boolean, onElement: OnElement): JsonFault | undefined {
    const isFirst = this.#stage === "first";
    this.#stage = isLast ? "after" : "inside";
    if (isFirst && isLast && isBlank(raw)) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      return "it is not JSON";
    }
    return onElement(value, raw);
  }
}

/** Whether an odd number of backslashes stands before the quote, none of them before `from`. */
const isEscaped = (text: string, from: number, quote: number): boolean => {
  let first = quote;
  while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
};
