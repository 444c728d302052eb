/// A row being read from left to right, in the order in which its columns were asked for.
struct SQLRow {
    private let values: [SQLValue]
    private var at = 0

    init(_ values: [SQLValue]) { self.values = values }

    private mutating func next() throws(StorageError) -> SQLValue {
        guard at < values.count else { throw .corrupt("a row has \(values.count) columns, more were expected") }
        defer { at += 1 }
        return values[at]
    }

    private func wrong(_ expected: String) -> StorageError { .corrupt("column \(at) is not \(expected)") }

    mutating func optionalText() throws(StorageError) -> String? {
        switch try next() {
        case .null: nil
        case .text(let text): text
        case .integer: throw wrong("text")
        }
    }

    mutating func text() throws(StorageError) -> String {
        guard let text = try optionalText() else { throw wrong("text") }
        return text
    }

    mutating func optionalInteger() throws(StorageError) -> Int64? {
        switch try next() {
        case .null: nil
        case .integer(let value): value
        case .text: throw wrong("a number")
        }
    }

    mutating func integer() throws(StorageError) -> Int64 {
        guard case .integer(let value) = try next() else { throw wrong("a number") }
        return value
    }

    mutating func flag() throws(StorageError) -> Bool { try integer() != 0 }

    mutating func optionalTime() throws(StorageError) -> Timestamp? {
        guard let text = try optionalText() else { return nil }
        guard let time = Timestamp(text) else { throw wrong("a time") }
        return time
    }

    mutating func time() throws(StorageError) -> Timestamp {
        guard let time = try optionalTime() else { throw wrong("a time") }
        return time
    }
}
