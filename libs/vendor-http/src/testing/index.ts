/** A real HTTP server on loopback for tests of sources: answers as told, and misbehaves when told to. */
export {
  gzipReply,
  jsonReply,
  type Loopback,
  type Reply,
  type Seen,
  startServer,
  withServer,
} from "./loopback.ts";
