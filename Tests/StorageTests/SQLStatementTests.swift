import Testing

@testable import Storage

@Suite struct SQLStatementTests {
    @Test func `values become parameters in the order they stand`() {
        let inner: SQLStatement = "b = \("x'; DROP TABLE t; --") AND c IN (\(list: [.integer(1), .integer(2)]))"
        let statement: SQLStatement = "SELECT * FROM \(raw: "t") WHERE a = \(true) AND \(inner) AND d = \(String?.none)"
        #expect(
            statement.text { "$\($0)" } == "SELECT * FROM t WHERE a = $1 AND b = $2 AND c IN ($3, $4) AND d = $5"
        )
        #expect(statement.values == [.integer(1), .text("x'; DROP TABLE t; --"), .integer(1), .integer(2), .null])
    }
}
