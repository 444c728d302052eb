import JSON

/// What a request comes to.
extension Machine {
    /// Carries out the route's action.
    func act(_ route: RouteSpec, _ call: Call) throws -> Reply {
        guard let action = route.action else { throw Ending.broken("a route without an action") }
        switch action {
        case .list(let name): return try list(spec(name), route, call)
        case .get(let name):
            let spec = try spec(name)
            let record = try record(spec, route, call)
            return try reply(route, call, record: record, fallback: 200) { try show(spec, record) }
        case .create(let name):
            let spec = try spec(name)
            _ = try table(name)
            let given = try route.record.map { try evaluate($0) ?? .object([:]) } ?? call.body ?? .object([:])
            let record = try insert(spec, given, at: core.clock.now)
            return try reply(route, call, record: record, fallback: 201) { try show(spec, record) }
        case .update(let name):
            let spec = try spec(name)
            let id = try record(spec, route, call)[spec.key]?.plain ?? ""
            let changes = try route.changes.map { try evaluate($0) } ?? call.body
            let record = try update(spec, id, changes ?? .object([:])) ?? .null
            return try reply(route, call, record: record, fallback: 200) { try show(spec, record) }
        case .delete(let name):
            let spec = try spec(name)
            let record = try record(spec, route, call)
            _ = store.remove(name, record[spec.key]?.plain ?? "")
            return try reply(route, call, record: record, fallback: 204) { nil }
        case .download(let script):
            guard let file = file(try evaluate(script)) else {
                throw Ending.failure("not_found", ["collection": "files", "id": call.path.elements.last?.value ?? .null])
            }
            guard file.bytes.isKept else { throw Ending.failure("not_kept", [:]) }
            var reply = try reply(route, call, fallback: 200) { nil }
            reply.content = .file(file, route.disposition)
            return reply
        case .redirect(let script):
            guard let address = try evaluate(script)?.string else { throw Ending.failure("not_found", [:]) }
            var reply = try reply(route, call, fallback: 302) { nil }
            reply.headers.append(("Location", address))
            return reply
        case .program(let script):
            let result = try evaluate(script)
            return try reply(route, call, result: result, fallback: 200) { result }
        }
    }

    /// The record that the route's `id` names, if it belongs where the path says.
    private func record(_ spec: CollectionSpec, _ route: RouteSpec, _ call: Call) throws -> JSONValue {
        let id = try route.id.map { try evaluate($0)?.plain } ?? call.path.elements.last?.value.plain
        if let id, let record = try table(spec.name)[id] {
            let wanted = try route.belongs.map { try evaluate($0)?.object ?? [:] } ?? [:]
            if Self.fits(record, wanted) { return record }
        }
        throw Ending.failure("not_found", ["collection": .string(spec.name), "id": .text(id)])
    }

    private func list(_ spec: CollectionSpec, _ route: RouteSpec, _ call: Call) throws -> Reply {
        let pagination = try pagination(of: route)
        var page = try page(records(spec, route, call), pagination, call, key: spec.key)
        if page.records.isEmpty, let status = pagination?.emptyStatus { return Reply(status: status) }
        page.values["rows"] = try show(spec, .array(page.records))
        for (name, value) in page.values { call.names[name] = value }
        var reply = try reply(route, call, fallback: 200) {
            try pagination?.body.map { try evaluate($0) } ?? page.values["rows"]
        }
        for (name, template) in pagination?.headers ?? [] {
            let text = try render(template)
            if !text.isEmpty { reply.headers.append((name, text)) }
        }
        return reply
    }

    private func reply(
        _ route: RouteSpec, _ call: Call, record: JSONValue? = nil, result: JSONValue? = nil, fallback: Int,
        _ body: () throws -> JSONValue?
    ) throws -> Reply {
        if let record { call.names["record"] = record }
        if let result { call.names["result"] = result }
        var reply = Reply(status: try route.status.map { try evaluate($0)?.int ?? fallback } ?? fallback)
        for (name, template) in route.headers {
            let text = try render(template)
            if !text.isEmpty { reply.headers.append((name, text)) }
        }
        let value = try route.body.map { try evaluate($0) } ?? body()
        if let value { reply.content = .value(value, route.format ?? plan.format) }
        reply.contentType = route.contentType
        return reply
    }

    /// The response to a request that ended early.
    func reply(to ending: Ending, _ call: Call) -> Reply {
        switch ending {
        case .response(let status, let body, let headers):
            var reply = Reply(status: status)
            reply.headers = headers.elements.compactMap { name, value in value.plain.map { (name, $0) } }
            if let body { reply.content = .value(body, call.route?.format ?? plan.format) }
            return reply
        case .broken(let reason):
            return Reply(
                status: 500, headers: [("X-Sandbox-Fault", "expression")],
                content: .value(["error": "sandbox", "message": .string(reason)], .json))
        case .failure(let name, let args):
            guard let spec = errorSpec(name) else {
                return Reply(
                    status: Self.status(name), content: .value(["error": .string(name), "details": args], .json))
            }
            do {
                return try reply(spec, args)
            } catch let inner as Ending {
                if case .broken = inner { return reply(to: inner, call) }
                return reply(to: .broken("the error '\(name)' fails itself"), call)
            } catch {
                return reply(to: .broken("\(error)"), call)
            }
        }
    }

    private func reply(_ spec: ErrorSpec, _ args: JSONValue) throws -> Reply {
        let extra = ["args": args]
        var reply = Reply(status: spec.status)
        for (name, template) in spec.headers {
            let text = try render(template, extra)
            if !text.isEmpty { reply.headers.append((name, text)) }
        }
        if let text = spec.text {
            reply.content = .text(try render(text, extra), spec.format ?? .text)
        } else if let body = spec.body, let value = try evaluate(body, nil, extra) {
            reply.content = .value(value, spec.format ?? plan.format)
        }
        reply.contentType = spec.contentType
        return reply
    }

    private func errorSpec(_ name: String) -> ErrorSpec? {
        var name: String? = name
        while let current = name {
            if let spec = plan.errors[current] { return spec }
            name = Self.fallbacks[current]
        }
        return nil
    }

    /// Of an error that the file does not name.
    private static func status(_ name: String) -> Int {
        statuses[name] ?? fallbacks[name].map(status) ?? 400
    }

    static let fallbacks = [
        "no_route": "not_found", "method_not_allowed": "no_route", "missing": "invalid", "file_too_large": "too_large",
        "stale_cursor": "invalid", "ceiling": "invalid", "unknown_parameter": "invalid", "session_expired": "unauthorized",
        "bad_link": "forbidden", "expired_link": "forbidden", "fetch_failed": "invalid", "file_type": "invalid",
    ]

    static let statuses = [
        "unauthorized": 401, "forbidden": 403, "not_found": 404, "rate_limited": 429, "too_large": 413, "not_kept": 422,
        "method_not_allowed": 405, "no_route": 404, "bad_link": 403, "expired_link": 403,
    ]

    /// The headers that every response has.
    func commonHeaders(_ call: Call) -> [(String, String)] {
        var out: [(String, String)] = []
        self.call = call
        do {
            for (name, template) in plan.headers { out.append((name, try render(template))) }
            guard let spec = call.route?.rateLimit ?? plan.rateLimit, let rate = call.rate else { return out }
            for (name, template) in spec.headers { out.append((name, try render(template, rate))) }
            if call.limited {
                for (name, template) in spec.limitedHeaders { out.append((name, try render(template, rate))) }
            }
        } catch {
            out.append(("X-Sandbox-Fault", "headers"))
        }
        return out
    }
}
