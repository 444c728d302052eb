extension Migration {
    /// What failed calls keep for support is sealed under the field `exchange`, and removed by its age.
    ///
    /// The index has those rows alone: no other write pays for it.
    static let failedExchanges = Migration(
        id: "0014-failed-exchanges",
        statements: ["CREATE INDEX sealed_exchanges_by_age ON sealed_values (updated_at) WHERE field = 'exchange'"])
}
