/** The fields of a JSON object, those that are text; undefined for what is no object. */
export const readBody = (body: string): Readonly<Record<string, string>> | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).filter(([, field]) => typeof field === "string"));
  } catch {
    return undefined;
  }
};
