extension Migration {
    static let leases = Migration(
        id: "0006-leases",
        statements: [
            """
            CREATE TABLE leases (
                name TEXT PRIMARY KEY NOT NULL,
                owner TEXT NOT NULL,
                expires_at TEXT NOT NULL
            )
            """
        ])
}
