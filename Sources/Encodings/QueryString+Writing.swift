package import JSON

extension QueryString {
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
