import Encodings
import HTTPTypes
import JSON

/// What one page adds to a request.
struct PageRequest {
    /// Query members of the page.
    var query = JSONObject()
    /// Members of the body, where the provider pages there.
    var body = JSONObject()
    var headers = HTTPFields()
    /// Replaces the request's query: the address of the next page says all of it.
    var onlyQuery: [(name: String, value: String)]?
    /// For placeholders: `{{pagination.page}}`.
    var values = JSONObject()

    init(_ pagination: Pagination?, _ scope: CallInput) throws(CatalogError) {
        guard let pagination else { return }
        let limits = pagination.limits
        let size = limits.size(asked: scope.limit)
        if let size {
            values["limit"] = .number(JSONNumber(size))
            values["per_page"] = .number(JSONNumber(size))
        }
        var sizeMember = JSONObject()
        if let size, let parameter = limits.parameter { sizeMember[parameter] = .number(JSONNumber(size)) }
        switch pagination {
        case .page(let parameter, let place, let first, _, _):
            let page = JSONValue.number(JSONNumber(try Self.number(scope.cursor) ?? first))
            values["page"] = page
            put(page, parameter, size: sizeMember, in: place)
        case .offset(let parameter, let place, _):
            let offset = JSONValue.number(JSONNumber(try Self.number(scope.cursor) ?? 0))
            values["offset"] = offset
            put(offset, parameter, size: sizeMember, in: place)
        case .cursor(let parameter, _, let place, _):
            let cursor = scope.cursor.map { JSONValue.string($0) }
            values["cursor"] = cursor
            put(cursor, parameter, size: sizeMember, in: place)
        case .nextURL:
            if let cursor = scope.cursor { onlyQuery = URLEncodedForm.pairs(cursor) } else { query = sizeMember }
        case .linkHeader(_, let only):
            if let cursor = scope.cursor {
                let pairs = URLEncodedForm.pairs(cursor)
                if only {
                    onlyQuery = pairs
                } else {
                    for pair in pairs { query[pair.name] = .string(pair.value) }
                }
            } else {
                query = sizeMember
            }
        case .range(let unit, _):
            let start = try Self.number(scope.cursor) ?? 0
            headers = [.range: "\(unit)=\(start)-\(start + (size ?? 100) - 1)"]
        case .dynamic(let initial, _, _, _):
            var members = sizeMember
            if let cursor = scope.cursor {
                guard let saved = try? JSONValue.parse(cursor), let object = saved.object else { throw .badCursor }
                members = object
            } else if let initial {
                let input = MappingInput(["query": .object(scope.query), "context": .object(scope.context)], scope)
                members = DeepMerge.winning(members, try initial.evaluate(input)?.object ?? [:])
            }
            values = DeepMerge.winning(values, members)
            query = members["query"]?.object ?? [:]
            body = members["body"]?.object ?? [:]
        }
    }

    /// In a path the value stands for itself; the size then goes into the query.
    private mutating func put(_ value: JSONValue?, _ name: String, size: JSONObject, in place: Pagination.Place) {
        var members = size
        if place != .path, let value { members[name] = value }
        if place == .body { body = members } else { query = members }
    }

    func apply(to query: inout JSONObject) {
        for (key, value) in self.query { query[key] = value }
    }

    func apply(toBody value: JSONValue?) -> JSONValue? {
        body.isEmpty ? value : .object(DeepMerge.winning(value?.object ?? [:], body))
    }

    private static func number(_ cursor: String?) throws(CatalogError) -> Int? {
        guard let cursor else { return nil }
        guard let number = Int(cursor), number >= 0 else { throw .badCursor }
        return number
    }
}

extension CatalogError {
    static let badCursor = CatalogError(.badCursor, "next_cursor is not one that an earlier response gave")
}
