/// Reads, changes and writes a row until no other writer comes in between.
///
/// - Parameters:
///   - given: the version that the caller has seen; nil when it does not care.
///   - write: nil where the row has changed since it was read.
/// - Throws: `.stale` where the row has another version than `given`, or changes again and again.
func retrying<Row, Result>(
    read: () async throws(AccountsError) -> Row, given: Int64?, version: (Row) -> Int64,
    write: (Row) async throws(AccountsError) -> Result?
) async throws(AccountsError) -> Result {
    // Each round lost is a write of someone else won: many in a row do not happen by chance.
    for _ in 0..<50 {
        let row = try await read()
        if let given, given != version(row) { throw .stale }
        if let result = try await write(row) { return result }
    }
    throw .stale
}
