import process from "node:process";

/**
 * Tests never see the settings of whoever runs them: no test may reach a broker with a user's token or write to the
 * user's database.
 */
for (const name of Object.keys(process.env)) {
  if (name === "DATABASE_URL" || name.startsWith("KITE_") || name.startsWith("PG")) delete process.env[name];
}
