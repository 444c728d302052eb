import JSON

/// A gateway's filter with the value that a caller gave: read once, and compared with every record.
struct FilterCondition: Sendable {
    private let filter: GatewayFilter
    private let test: Test

    private indirect enum Test: Sendable {
        case any([Test])
        case within([(order: @Sendable (Int) -> Bool, bound: Operand)])
        case members([(name: String, test: Test)])
        case equal(Operand)
    }

    /// - Parameter value: a value, several, an object of members, or comparisons `{gt, gte, lt, lte}`.
    init(_ filter: GatewayFilter, _ value: JSONValue) {
        self.filter = filter
        test = Self.test(value)
    }

    private static func test(_ value: JSONValue) -> Test {
        switch value {
        case .array(let all): return .any(all.map(test))
        case .object(let members):
            let bounds = members.elements.compactMap { name, bound in orders[name].map { (order: $0, bound: Operand(bound)) } }
            return bounds.isEmpty ? .members(members.elements.map { ($0.key, test($0.value)) }) : .within(bounds)
        default: return .equal(Operand(value))
        }
    }

    private static let orders: [String: @Sendable (Int) -> Bool] = [
        "gt": { $0 > 0 }, "gte": { $0 >= 0 }, "lt": { $0 < 0 }, "lte": { $0 <= 0 },
    ]

    func passes(_ record: MappedRecord) -> Bool {
        guard let member = record[filter.path[0]] else { return false }
        return holds(test, for: Self.values(at: filter.path.dropFirst(), in: member))
    }

    private func holds(_ test: Test, for values: [JSONValue]) -> Bool {
        switch test {
        case .any(let tests): tests.contains { holds($0, for: values) }
        case .within(let bounds):
            values.contains { value in
                let value = Operand(value)
                return bounds.allSatisfy { bound in value.order(to: bound.bound).map(bound.order) ?? false }
            }
        case .members(let members):
            values.contains { value in
                members.allSatisfy { holds($0.test, for: Self.values(at: [$0.name], in: value)) }
            }
        case .equal(let wanted): values.contains { Operand($0).equals(wanted, exactly: filter.isOfIDs) }
        }
    }

    /// All that lies at the end of the way, through lists.
    private static func values(at path: ArraySlice<String>, in value: JSONValue) -> [JSONValue] {
        if case .array(let items) = value { return items.flatMap { values(at: path, in: $0) } }
        guard let step = path.first else { return [value] }
        return value[step].map { values(at: path.dropFirst(), in: $0) } ?? []
    }
}

/// One side of a comparison: a text, and the time that it is, if it is one.
private struct Operand: Sendable {
    private let text: String?
    private let milliseconds: Double?

    init(_ value: JSONValue) {
        switch value {
        case .string(let text): self.text = text
        case .number(let number): text = number.text
        case .bool(let flag): text = flag ? "true" : "false"
        default: text = nil
        }
        // What begins like a date: a word or a number is not asked whether it is one.
        let isDate = value.string.map { $0.utf8.count >= 10 && $0.utf8.dropFirst(4).first == UInt8(ascii: "-") } ?? false
        milliseconds = isDate ? text.flatMap(DateTimeParameters.milliseconds) : nil
    }

    /// - Parameter exactly: ids are compared as they are, other texts without regard to case.
    func equals(_ other: Operand, exactly: Bool) -> Bool {
        guard let text, let wanted = other.text else { return false }
        if text == wanted { return true }
        if exactly { return false }
        if let milliseconds, let time = other.milliseconds { return milliseconds == time }
        return text.lowercased() == wanted.lowercased()
    }

    /// Less than 0, 0, or more than 0; nil where the two cannot be compared.
    func order(to other: Operand) -> Int? {
        if let milliseconds, let time = other.milliseconds { return milliseconds < time ? -1 : milliseconds > time ? 1 : 0 }
        guard let text, let bound = other.text else { return nil }
        return text < bound ? -1 : text > bound ? 1 : 0
    }
}
