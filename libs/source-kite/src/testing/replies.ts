import { gzipReply, jsonReply, type Reply } from "@candlewick/vendor-http/testing";

/** A CSV answer as Kite sends it. */
export const csvReply = (csv: string | Uint8Array): Reply => gzipReply(csv, "text/csv");

/** Kite's error envelope. */
export const errorReply = (status: number, errorType: string, message: string): Reply =>
  jsonReply({ status: "error", message, data: null, error_type: errorType }, status);
