/// One stored value. Only these kinds are used, so that every engine keeps them alike.
///
/// Times are ISO 8601 text, documents are JSON text, flags are 0 and 1, ciphertexts are text with their key id.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)

    init(_ value: String?) { self = value.map(SQLValue.text) ?? .null }
    init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
    init(_ value: Bool) { self = .integer(value ? 1 : 0) }
    init(_ value: Timestamp?) { self = value.map { .text($0.text) } ?? .null }
}
