import CPostgreSQL

/// The answer to one statement.
final class PostgresResult {
    /// The types of what we write and read, as `pg_type` numbers them.
    static let int8: Oid = 20
    static let text: Oid = 25
    private static let wholeNumbers: Set<Oid> = [20, 21, 23]

    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    /// Such as `COMMIT`.
    var commandTag: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    var affectedRows: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    func failure(isConnected: Bool) -> PostgresFailure? {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return nil
        default:
            return PostgresFailure(
                state: field("C") ?? "",
                message: field("M") ?? PostgresConnection.sentence(PQresultErrorMessage(handle)),
                constraint: field("n"), isConnected: isConnected
            )
        }
    }

    /// A field of an error message, by its letter in the protocol.
    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(handle, Int32(code.value)).map { String(cString: $0) }
    }

    func rows() throws(PostgresFailure) -> [SQLRow] {
        let isNumber = (0..<PQnfields(handle)).map { Self.wholeNumbers.contains(PQftype(handle, $0)) }
        var rows: [SQLRow] = []
        rows.reserveCapacity(Int(PQntuples(handle)))
        for row in 0..<PQntuples(handle) {
            var values: [SQLValue] = []
            for (column, isNumber) in isNumber.enumerated() {
                values.append(try value(row, Int32(column), isNumber))
            }
            rows.append(SQLRow(values))
        }
        return rows
    }

    private func value(_ row: Int32, _ column: Int32, _ isNumber: Bool) throws(PostgresFailure) -> SQLValue {
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return .null }
        let text = String(cString: start)
        guard isNumber else { return .text(text) }
        guard let number = Int64(text) else { throw PostgresFailure(.corrupt, "a number is none") }
        return .integer(number)
    }
}
