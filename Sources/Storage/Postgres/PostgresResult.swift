/// The response to one statement.
final class PostgresResult {
    /// The types of what we write and read, as `pg_type` numbers them.
    static let int8: LibPQ.OID = 20
    static let text: LibPQ.OID = 25
    private static let wholeNumbers: Set<LibPQ.OID> = [20, 21, 23]

    private let libpq: LibPQ
    private let handle: LibPQ.Handle

    init(_ handle: LibPQ.Handle, _ libpq: LibPQ) {
        self.handle = handle
        self.libpq = libpq
    }

    deinit { libpq.clear(handle) }

    /// Such as `COMMIT`.
    var commandTag: String { libpq.commandTag(handle).map { String(cString: $0) } ?? "" }

    var affectedRows: Int { libpq.affectedRows(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    func failure(isConnected: Bool) -> PostgresFailure? {
        guard !LibPQ.successes.contains(libpq.resultStatus(handle)) else { return nil }
        return PostgresFailure(
            state: field("C") ?? "",
            message: field("M") ?? PostgresConnection.sentence(libpq.resultErrorMessage(handle)),
            constraint: field("n"), isConnected: isConnected
        )
    }

    /// A field of an error message, by its letter in the protocol.
    private func field(_ code: Unicode.Scalar) -> String? {
        libpq.resultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }

    func rows() throws(PostgresFailure) -> [SQLRow] {
        let isNumber = (0..<libpq.columns(handle)).map { Self.wholeNumbers.contains(libpq.type(handle, $0)) }
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(libpq.rows(handle)))
        for row in 0..<libpq.rows(handle) {
            var values: [SQLValue] = []
            for (column, isNumber) in isNumber.enumerated() {
                values.append(try value(row, Int32(column), isNumber))
            }
            rows.append(SQLRow(values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32, _ isNumber: Bool) throws(PostgresFailure) -> SQLValue {
        guard libpq.isNull(handle, row, column) == 0, let start = libpq.value(handle, row, column) else { return .null }
        let text = String(cString: start)
        guard isNumber else { return .text(text) }
        guard let number = Int64(text) else { throw PostgresFailure(.corrupt, "a number is none") }
        return .integer(number)
    }
}
