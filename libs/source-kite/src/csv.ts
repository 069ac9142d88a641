const QUOTE = 34;
const COMMA = 44;
const CR = 13;
const LF = 10;

/** No record of a dump comes near it: a quote left open would otherwise collect the rest of the file. */
const MAX_RECORD = 65_536;

/** What is wrong with the text as a whole. */
export type CsvFault = string;

/** Receives each record; the array is reused, so keep its elements, not itself. */
export type OnRecord = (fields: ReadonlyArray<string>, reader: CsvReader) => CsvFault | undefined;

/**
 * Splits comma-separated UTF-8 (RFC 4180: quoted fields, doubled quotes, CRLF or LF) into records as the bytes
 * arrive, in one pass and without holding more than one unfinished record.
 *
 * Strict where leniency would hide damage: every record ends with a line end, a quoted field is followed by a
 * comma or a line end, the bytes are valid UTF-8. A quote inside an unquoted field is a character like any other.
 */
export class CsvReader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #fields: Array<string> = [];
  #text = "";
  #start = 0;
  #end = 0;

  /** The record being received, as it came, without its line end. */
  get raw(): string {
    return this.#text.slice(this.#start, this.#end);
  }

  /** Takes the next bytes and hands on the records they complete. */
  push(bytes: Uint8Array, onRecord: OnRecord): CsvFault | undefined {
    return this.#take(() => this.#decoder.decode(bytes, { stream: true }), onRecord);
  }

  /** To be called after the last bytes: an unfinished record is a fault. */
  end(onRecord: OnRecord): CsvFault | undefined {
    const fault = this.#take(() => this.#decoder.decode(), onRecord);
    if (fault !== undefined) return fault;
    return this.#text === "" ? undefined : "it ends in the middle of a row";
  }

  #take(decode: () => string, onRecord: OnRecord): CsvFault | undefined {
    try {
      this.#text += decode();
    } catch {
      return "it is not UTF-8 text";
    }
    return this.#scan(onRecord);
  }

  #scan(onRecord: OnRecord): CsvFault | undefined {
    const text = this.#text;
    const fields = this.#fields;
    const length = text.length;
    let start = 0;
    let lineEnd = -1;

    records: while (start < length) {
      let at = start;
      fields.length = 0;
      for (;;) {
        if (text.charCodeAt(at) === QUOTE) {
          let close = text.indexOf('"', at + 1);
          const isDoubled = close >= 0 && text.charCodeAt(close + 1) === QUOTE;
          while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
          if (close < 0) break records;
          const value = text.slice(at + 1, close);
          fields.push(isDoubled ? value.replaceAll('""', '"') : value);
          at = close + 1;
          let next = text.charCodeAt(at);
          if (next === CR) next = text.charCodeAt(++at);
          if (at >= length) break records;
          if (next === COMMA) {
            at++;
            continue;
          }
          if (next !== LF) return "a quoted field goes on after its closing quote";
          this.#end = close + 1;
          start = this.#receive(start, at);
        } else {
          if (lineEnd < at) {
            lineEnd = text.indexOf("\n", at);
            if (lineEnd < 0) lineEnd = length;
          }
          const comma = text.indexOf(",", at);
          if (comma >= 0 && comma < lineEnd) {
            fields.push(text.slice(at, comma));
            at = comma + 1;
            continue;
          }
          if (lineEnd === length) break records;
          this.#end = lineEnd > at && text.charCodeAt(lineEnd - 1) === CR ? lineEnd - 1 : lineEnd;
          fields.push(text.slice(at, this.#end));
          start = this.#receive(start, lineEnd);
        }
        const fault = onRecord(fields, this);
        if (fault !== undefined) return fault;
        break;
      }
    }

    this.#text = start === 0 ? text : text.slice(start);
    return this.#text.length > MAX_RECORD ? `a row is longer than ${MAX_RECORD} characters` : undefined;
  }

  /** Notes where the record begins; gives where the next one does. */
  #receive(start: number, lineEnd: number): number {
    this.#start = start;
    return lineEnd + 1;
  }
}
