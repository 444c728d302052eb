import JSON

/// A `$filter` of OData v2 (http://www.odata.org/documentation/odata-version-2-0/uri-conventions, 4.5), as far as vendors'
/// lists use it: comparisons joined by `and`.
struct ODataFilter {
    private struct Clause {
        var member: [String]
        var op: String
        var value: JSONValue
    }

    private var clauses: [Clause] = []

    init(_ text: String) throws(Ending) {
        for part in Self.split(text) {
            guard let match = part.wholeMatch(of: /\s*([A-Za-z0-9_\/]+)\s+(eq|ne|gt|ge|lt|le)\s+(.+?)\s*/) else {
                throw .invalid("$filter", .string(text), "'\(part)' is no comparison")
            }
            let literal = Self.literal(String(match.3))
            clauses.append(Clause(member: match.1.split(separator: "/").map(String.init), op: String(match.2), value: literal))
        }
    }

    /// At ` and ` outside of quotes.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isQuoted, word == "and" {
                parts.append("")
            } else {
                parts[parts.count - 1] += (parts[parts.count - 1].isEmpty ? "" : " ") + word
                if !word.filter({ $0 == "'" }).count.isMultiple(of: 2) { isQuoted.toggle() }
            }
        }
        return parts
    }

    private static func literal(_ text: String) -> JSONValue {
        if let quote = text.firstIndex(of: "'"), text.hasSuffix("'"), quote < text.index(before: text.endIndex) {
            let inner = String(text[text.index(after: quote)..<text.index(before: text.endIndex)]).replacing("''", with: "'")
            if text.hasPrefix("datetime"), let time = Timestamps.milliseconds(inner) { return .integer(time) }
            return .string(inner)
        }
        if text == "null" { return .null }
        let plain = text.hasSuffix("L") ? String(text.dropLast()) : text
        return (try? JSONValue.parse(plain)) ?? .string(text)
    }

    func keeps(_ record: JSONValue) -> Bool { clauses.allSatisfy { Self.holds($0, record) } }

    private static func holds(_ clause: Clause, _ record: JSONValue) -> Bool {
        let own = record[path: clause.member] ?? .null
        if clause.op == "eq" || clause.op == "ne" {
            let isEqual = own == clause.value || (own.plain != nil && own.plain == clause.value.plain)
            return isEqual == (clause.op == "eq")
        }
        let order: Int
        if let a = number(own), let b = number(clause.value) {
            order = a < b ? -1 : a > b ? 1 : 0
        } else if let a = own.string, let b = clause.value.string {
            order = a < b ? -1 : a > b ? 1 : 0
        } else {
            return false
        }
        return switch clause.op {
        case "gt": order > 0
        case "ge": order >= 0
        case "lt": order < 0
        default: order <= 0
        }
    }

    /// A number, a time as milliseconds, or `/Date(ms)/`.
    private static func number(_ value: JSONValue) -> Double? {
        if let number = value.double { return number }
        guard let text = value.string else { return nil }
        if let match = text.firstMatch(of: /\/Date\((-?\d+)/) { return Double(match.1) }
        return Double(text) ?? Timestamps.milliseconds(text).map(Double.init)
    }

    var json: JSONValue {
        .array(clauses.map { ["member": .string($0.member.joined(separator: "/")), "op": .string($0.op), "value": $0.value] })
    }
}
