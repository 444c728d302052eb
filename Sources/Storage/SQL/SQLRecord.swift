/// A record that is one row of one table.
protocol SQLRecord: Sendable {
    static var table: String { get }
    /// In the order of `init(row:)` and `values`.
    static var columns: [String] { get }
    init(row: inout SQLRow) throws(StorageError)
    var values: [SQLValue] { get }
}

extension SQLRecord {
    static var columnList: String { columns.joined(separator: ", ") }
}

extension SQLSession {
    func insert<Record: SQLRecord>(_ record: Record) throws {
        try run("INSERT INTO \(raw: Record.table) (\(raw: Record.columnList)) VALUES (\(list: record.values))")
    }

    func all<Record: SQLRecord>(_: Record.Type = Record.self, where condition: SQLStatement) throws -> [Record] {
        try rows("SELECT \(raw: Record.columnList) FROM \(raw: Record.table) WHERE \(condition)").map { row in
            var row = row
            return try Record(row: &row)
        }
    }

    func first<Record: SQLRecord>(_: Record.Type = Record.self, where condition: SQLStatement) throws -> Record? {
        try all(Record.self, where: condition).first
    }

    /// Writes every column of the row that meets the condition; whether there was one.
    func update<Record: SQLRecord>(_ record: Record, where condition: SQLStatement) throws -> Bool {
        var assignments: SQLStatement = ""
        for (column, value) in zip(Record.columns, record.values) where column != "id" {
            assignments =
                assignments.literals == [""]
                ? "\(raw: column) = \(value)" : "\(assignments), \(raw: column) = \(value)"
        }
        return try run("UPDATE \(raw: Record.table) SET \(assignments) WHERE \(condition)") > 0
    }
}
