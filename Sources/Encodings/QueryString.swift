package import JSON

/// Query strings in the syntax of the `qs` library: brackets for nesting and arrays.
///
/// `URLEncodedForm` is for those whose names are not taken apart.
package enum QueryString {
    /// Reads a query, without its `?`, to a tree of strings; `NestedFields.tree` has the rules for names.
    ///
    /// Brackets may be percent-encoded; `+` is a space; a parameter without `=` has the value `""`. What is not
    /// percent-encoded UTF-8 stays as it stands. Empty parameters (`a=1&&b=2`) count for nothing.
    ///
    /// - Throws: `QueryError.Code.tooDeep`, `tooMany`.
    package static func parse(
        _ query: String, maxDepth: Int = 20, maxCount: Int = 1_000
    ) throws(QueryError) -> JSONObject {
        let fields = try pairs(query, maxCount: maxCount).map { (name: $0.name, value: JSONValue.string($0.value)) }
        return try NestedFields.tree(fields, maxDepth: maxDepth, maxCount: maxCount)
    }

    /// The parameters in order, decoded, their names not taken apart.
    ///
    /// - Throws: `QueryError.Code.tooMany`.
    package static func pairs(
        _ query: String, maxCount: Int = 1_000
    ) throws(QueryError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for part in Array(query.utf8).split(separator: UInt8(ascii: "&")) {
            guard pairs.count < maxCount else { throw QueryError(.tooMany, "more than \(maxCount) query parameters") }
            let end = nameEnd(part)
            pairs.append((decoded(part[..<end]), decoded(part[end...].dropFirst())))
        }
        return pairs
    }

    /// Where the name ends: at its `=`. In a name with brackets that is the first one behind a `]`, since a key may
    /// hold one (`a[b=c]=1`).
    private static func nameEnd(_ part: ArraySlice<UInt8>) -> Int {
        guard let first = part.firstIndex(of: UInt8(ascii: "=")) else { return part.endIndex }
        guard part[..<first].indices.contains(where: { isBracket("[", "B", in: part, at: $0) }) else { return first }
        return part[first...].indices.first { at in
            part[at] == UInt8(ascii: "=") && at > part.startIndex && isBracket("]", "D", in: part, at: at - 1)
        } ?? first
    }

    /// Whether a bracket ends here: as it is, or as `%5B`, `%5D`.
    private static func isBracket(
        _ bracket: Unicode.Scalar, _ digit: Unicode.Scalar, in text: ArraySlice<UInt8>, at: Int
    ) -> Bool {
        if text[at] == UInt8(ascii: bracket) { return true }
        return at - 2 >= text.startIndex && text[at - 2] == UInt8(ascii: "%") && text[at - 1] == UInt8(ascii: "5")
            && text[at] & 0xDF == UInt8(ascii: digit)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: text, as: UTF8.self)
        }
        let bytes = text.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        guard bytes.contains(UInt8(ascii: "%")) else { return String(decoding: bytes, as: UTF8.self) }
        if let decoded = PercentEncoding.bytes(bytes), let text = String(validating: decoded, as: UTF8.self) {
            return text
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// How an array becomes parameters: `a=1,2` · `a[]=1&a[]=2` · `a[0]=1&a[1]=2` · `a=1&a=2`.
    package enum ArrayFormat: String, Sendable, Hashable, CaseIterable {
        case comma, brackets, indices
        case repeated = "repeat"
    }

    /// Flattens an object: `{"a": {"b": 1}, "c": [1, 2]}` → `a[b]=1`, and `c` by the array format. Nulls are left out.
    package static func flattened(_ object: JSONObject, arrays: ArrayFormat) -> [(name: String, value: String)] {
        object.elements.flatMap { flattened($0.key, $0.value, arrays) }
    }

    private static func flattened(
        _ name: String, _ value: JSONValue, _ arrays: ArrayFormat
    ) -> [(name: String, value: String)] {
        switch value {
        case .null: return []
        case .object(let object): return object.elements.flatMap { flattened("\(name)[\($0.key)]", $0.value, arrays) }
        case .array(let items):
            if arrays == .comma, items.allSatisfy({ $0.array == nil && $0.object == nil }) {
                return items.isEmpty ? [] : [(name, items.map(text).joined(separator: ","))]
            }
            return items.enumerated().flatMap { at, item in
                switch arrays {
                case .brackets: flattened("\(name)[]", item, arrays)
                case .repeated where item.object == nil: flattened(name, item, arrays)
                case .indices, .comma, .repeated: flattened("\(name)[\(at)]", item, arrays)
                }
            }
        default: return [(name, text(value))]
        }
    }

    private static func text(_ value: JSONValue) -> String { value.isNull ? "" : value.string ?? value.text() }
}
