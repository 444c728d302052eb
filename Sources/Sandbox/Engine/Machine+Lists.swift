import Encodings
import HTTPTypes
import JSON

/// Lists and their pages.
extension Machine {
    /// One page of records, and the variables that its envelope may read.
    struct Page {
        var records: [JSONValue]
        var values: [String: JSONValue]
    }

    func pagination(of route: RouteSpec) throws -> PaginationSpec? {
        if let own = route.ownPagination { return own }
        guard let name = route.pagination else { return nil }
        guard let spec = plan.paginations[name] else { throw Ending.broken("there is no pagination '\(name)'") }
        return spec
    }

    /// The records of a list route, in their order, those that its filters let stay.
    func records(_ collection: CollectionSpec, _ route: RouteSpec, _ call: Call) throws -> [JSONValue] {
        var rows: [JSONValue]
        if let script = route.rows {
            rows = try evaluate(script).map { $0.array ?? [$0] } ?? []
        } else {
            rows = try table(collection.name).records
        }
        let given = route.filtersInBody ? (call.body?.object ?? [:]) : (call.exchange.query.json.object ?? [:])
        if route.isStrictQuery { try checkNames(given, route) }
        for filter in route.filters {
            guard let value = given[filter.parameter], !value.isNull else { continue }
            if let check = filter.check, try evaluate(check, nil, ["value": value])?.bool != true {
                throw Ending.invalid(filter.parameter, value, "\(filter.parameter) is not valid")
            }
            rows = try each(filter.keep, rows, ["value": value])
        }
        if let sort = route.sort ?? collection.sort {
            let isDescending = route.isDescending ?? collection.isDescending
            return try each(sort.wrapped(isDescending ? "$rows_^(>(" : "$rows_^((", "))"), rows, [:])
        }
        return route.isDescending ?? collection.isDescending ? rows.reversed() : rows
    }

    private func each(_ script: Script, _ rows: [JSONValue], _ extra: [String: JSONValue]) throws -> [JSONValue] {
        var extra = extra
        extra["rows_"] = .array(rows)
        return try evaluate(script, nil, extra).map { $0.array ?? [$0] } ?? []
    }

    private func checkNames(_ given: JSONObject, _ route: RouteSpec) throws {
        let spec = try pagination(of: route)
        let known = Set(route.filters.map(\.parameter) + [spec?.limit?.name, spec?.position?.name].compactMap { $0 })
        for (name, value) in given where !known.contains(name) {
            throw Ending.failure("unknown_parameter", ["parameter": .string(name), "value": value, "reason": "unknown"])
        }
    }

    /// Cuts the page out that the call asks for.
    ///
    /// - Parameter key: the member that holds a record's id.
    func page(_ rows: [JSONValue], _ spec: PaginationSpec?, _ call: Call, key: String?) throws -> Page {
        guard let spec, spec.kind != .none else {
            return Page(
                records: rows,
                values: [
                    "rows": .array(rows), "records": .array(rows), "total": .integer(rows.count), "returned": .integer(rows.count),
                    "more": false, "offset": 0, "page": 1, "pages": 1, "limit": .integer(rows.count),
                ])
        }
        if spec.isCursorOnly, try value(spec.position, spec, call) != nil, call.exchange.query.pairs.count > 1 {
            throw Ending.invalid(spec.position?.name ?? "", nil, "\(spec.position?.name ?? "") goes alone")
        }
        let limit = try limit(spec, call)
        let start = try start(rows, spec, call, limit, key)
        if let ceiling = spec.ceiling, start + limit > ceiling {
            throw Ending.failure(
                "ceiling",
                ["parameter": .string(spec.position?.name ?? ""), "value": .integer(start), "reason": .string("beyond \(ceiling)")])
        }
        let low = min(start, rows.count), high = min(rows.count, low + limit)
        let records = Array(rows[low..<high])
        var values: [String: JSONValue] = [
            "records": .array(records), "rows": .array(records), "total": .integer(rows.count),
            "returned": .integer(records.count), "limit": .integer(limit), "offset": .integer(start),
            "more": .bool(high < rows.count),
            "pages": .integer(max(1, (rows.count + limit - 1) / limit)),
        ]
        let first = spec.kind == .page ? spec.position?.first ?? 1 : 1
        values["page"] = .integer(start / limit + first)
        var next: JSONValue?
        if high < rows.count {
            next = try self.next(rows, at: high, spec, limit, first, key)
            values["next"] = next
        }
        addAddresses(&values, spec, call, next: next, start: start, limit: limit, total: rows.count, first: first)
        return Page(records: records, values: values)
    }

    private func limit(_ spec: PaginationSpec, _ call: Call) throws -> Int {
        guard let parameter = spec.limit, let given = try value(parameter, spec, call) else { return spec.defaultLimit }
        let top = spec.maxLimit ?? .max
        guard let wanted = Self.whole(given), wanted > 0, wanted <= top || !spec.refusesOver else {
            let reason = "\(parameter.name) must be a number from 1" + (spec.maxLimit.map { " to \($0)" } ?? "")
            throw Ending.invalid(parameter.name, given, reason)
        }
        return min(wanted, top)
    }

    private func start(_ rows: [JSONValue], _ spec: PaginationSpec, _ call: Call, _ limit: Int, _ key: String?) throws -> Int {
        guard let parameter = spec.position, let given = try value(parameter, spec, call) else { return 0 }
        func number(_ least: Int) throws -> Int {
            guard let wanted = Self.whole(given), wanted >= least else {
                throw Ending.invalid(parameter.name, given, "\(parameter.name) must be a number of at least \(least)")
            }
            return wanted
        }
        switch spec.kind {
        case .page:
            // Far past the end, without an overflow.
            return min(try number(parameter.first) - parameter.first, 1 << 40) * limit
        case .offset: return max(0, try number(parameter.first) - parameter.first)
        case .since:
            let id = given.plain ?? ""
            guard let place = rows.firstIndex(where: { self.id($0, key) == id }) else {
                throw Ending.failure(
                    "stale_cursor", ["parameter": .string(parameter.name), "value": given, "reason": .string("no record has the id \(id)")])
            }
            return place + 1
        case .cursor:
            let stale = Ending.failure("stale_cursor", ["parameter": .string(parameter.name), "value": given, "reason": "unknown"])
            guard let named = cursors[given.plain ?? ""], let place = rows.firstIndex(where: { self.id($0, key) == named }) else {
                throw stale
            }
            return place
        case .none: return 0
        }
    }

    private func id(_ row: JSONValue, _ key: String?) -> String? { row[key ?? "id"]?.plain }

    private func next(
        _ rows: [JSONValue], at place: Int, _ spec: PaginationSpec, _ limit: Int, _ first: Int, _ key: String?
    ) throws -> JSONValue {
        switch spec.kind {
        case .page: return .integer(place / limit + first)
        case .offset: return .integer(place + (spec.position?.first ?? 0))
        case .since: return rows[place - 1][key ?? "id"] ?? .null
        case .cursor, .none:
            let id = id(rows[place], key) ?? ""
            var token = JSONValue.string(Base64URL.text("\(place):\(id)".utf8))
            if let script = spec.token { token = try evaluate(script, rows[place], ["offset": .integer(place)]) ?? .null }
            if cursors.count > 100_000 { cursors = [:] }
            cursors[token.plain ?? ""] = id
            return token
        }
    }

    private func value(_ parameter: PaginationSpec.Parameter?, _ spec: PaginationSpec, _ call: Call) throws -> JSONValue? {
        guard let parameter else { return nil }
        var found: JSONValue?
        if let read = parameter.read {
            found = try evaluate(read)
        } else {
            switch spec.place {
            case .query: found = call.exchange.query[parameter.name].map { .string($0) }
            case .body: found = call.body?[path: parameter.name.split(separator: ".").map(String.init)]
            case .path: found = call.path[parameter.name] ?? call.exchange.query[parameter.name].map { .string($0) }
            }
        }
        guard let found, !found.isNull, found != "" else { return nil }
        return found
    }

    private static func whole(_ value: JSONValue) -> Int? { value.int ?? value.string.flatMap { Int($0) } }

    private func addAddresses(
        _ values: inout [String: JSONValue], _ spec: PaginationSpec, _ call: Call, next: JSONValue?, start: Int, limit: Int,
        total: Int, first: Int
    ) {
        guard spec.place == .query, let name = spec.position?.name else { return }
        func address(_ value: JSONValue?) -> JSONValue {
            var pairs = call.exchange.query.pairs.filter { $0.name != name }
            if spec.isCursorOnly, value != nil { pairs = [] }
            if let value { pairs.append((name, value.plain ?? "")) }
            let text = pairs.map { "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))" }.joined(separator: "&")
            return .string(call.base + call.exchange.path + (text.isEmpty ? "" : "?\(text)"))
        }
        values["self_url"] = .string(call.base + (call.exchange.head.path ?? "/"))
        if let next { values["next_url"] = address(next) }
        switch spec.kind {
        case .page:
            let page = start / limit + first, last = max(first, (total + limit - 1) / limit - 1 + first)
            values["first_url"] = address(.integer(first))
            values["last_url"] = address(.integer(last))
            if page > first { values["previous_url"] = address(.integer(page - 1)) }
        case .offset:
            let base = spec.position?.first ?? 0
            values["first_url"] = address(.integer(base))
            values["last_url"] = address(.integer(max(0, (total - 1) / limit * limit) + base))
            if start > 0 { values["previous_url"] = address(.integer(max(0, start - limit) + base)) }
        default: values["first_url"] = address(nil)
        }
    }
}
