import Accounts
import JSON
import Storage

extension ListQuery {
    /// Reads the filters, the cursor and the limit of a platform list: `name=x`, `created_at[gt]=…`, `id[in]=a,b`.
    ///
    /// - Parameter names: names of the API that are not the field's own.
    /// - Throws: `.invalid` for a parameter that the list does not know, or a comparison that there is none of.
    init(_ query: JSONObject, names: [String: Field] = [:]) throws(AccountsError) {
        var filters: [Filter<Field>] = []
        var limit: Int?
        for (name, value) in Self.flattened(query) where name != "next_cursor" {
            if name == "limit" {
                guard let number = value.string.flatMap({ Int($0) }), number > 0 else {
                    throw .invalid("limit", "limit must be a whole number from 1")
                }
                limit = number
                continue
            }
            guard let field = names[name] ?? Field(rawValue: name) else {
                throw .invalid(name, "this list has no parameter \(name)")
            }
            filters += try Self.filters(field, name, value)
        }
        self.init(filters: filters, cursor: query["next_cursor"]?.string, limit: limit ?? 5000)
    }

    /// `integration.name` is sent with a dot by some clients and as `integration[name]` by others.
    private static func flattened(_ query: JSONObject) -> [(String, JSONValue)] {
        query.flatMap { name, value -> [(String, JSONValue)] in
            guard let inner = value.object, !inner.keys.allSatisfy({ Filter<Field>.Comparison(rawValue: $0) != nil })
            else { return [(name, value)] }
            return inner.map { ("\(name).\($0.key)", $0.value) }
        }
    }

    private static func filters(
        _ field: Field, _ name: String, _ value: JSONValue
    ) throws(AccountsError) -> [Filter<Field>] {
        switch value {
        case .string(let text): return [Filter(field, .eq, [text])]
        case .array(let items): return [Filter(field, .in, items.compactMap(\.string))]
        case .object(let comparisons):
            var filters: [Filter<Field>] = []
            for (key, operand) in comparisons {
                guard let comparison = Filter<Field>.Comparison(rawValue: key) else {
                    throw .invalid(name, "\(name) cannot be compared by \(key)")
                }
                let takesList = comparison == .in || comparison == .nin
                let values = (operand.array ?? [operand]).compactMap(\.string)
                filters.append(
                    Filter(
                        field, comparison,
                        takesList ? values.flatMap { $0.split(separator: ",").map(String.init) } : values))
            }
            return filters
        default: throw .invalid(name, "\(name) must be text")
        }
    }
}
