import JSON

extension JSONValue {
    static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    static func integer(_ value: Int64) -> JSONValue { .number(JSONNumber(Int(value))) }

    /// Null for nil.
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
