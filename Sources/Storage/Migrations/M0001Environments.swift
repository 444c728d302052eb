extension Migration {
    static let environments = Migration(
        id: "0001-environments",
        statements: [
            """
            CREATE TABLE teams (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            """
            CREATE TABLE environments (
                id TEXT PRIMARY KEY NOT NULL,
                team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                created_at TEXT NOT NULL,
                updated_at TEXT NOT NULL
            )
            """,
            "CREATE INDEX environments_by_team ON environments (team_id, created_at, id)",
        ])
}
