import JSON

/// Who calls, whether they may, and how often.
extension Machine {
    private enum Finding {
        /// The request has no credential of this kind.
        case absent
        case wrong(String)
        case caller(Caller)
    }

    /// - Throws: the failures of the ways to prove who calls.
    func admit(_ call: Call, _ route: RouteSpec) throws {
        let ways = route.authorization ?? plan.authorization
        var wrong: String?
        for way in ways {
            switch try find(way, call) {
            case .absent: continue
            case .wrong(let error): wrong = wrong ?? error
            case .caller(let caller):
                call.caller = caller
                return
            }
        }
        if let wrong { throw Ending.failure(wrong, ["reason": "invalid"]) }
        throw Ending.failure(ways.first?.missing ?? "unauthorized", ["reason": "missing"])
    }

    private func find(_ way: AuthorizationSpec, _ call: Call) throws -> Finding {
        let invalid = Finding.wrong(way.invalid ?? "unauthorized")
        switch way.kind {
        case .basic:
            guard let header = call.header("authorization"), Self.has("basic", header) else { return .absent }
            guard let pair = BasicCredentials(header), let spec = plan.callers[pair.name] else { return invalid }
            let isRight =
                switch way.password {
                case "any": true
                case "secret": pair.password == spec.secret
                case let text: pair.password == text
                }
            return isRight ? .caller(caller(spec)) : invalid
        case .bearer: return known(Self.credential(way.scheme ?? "Bearer", call.header("authorization")), invalid)
        case .header:
            var value = call.header(way.name ?? "")
            if let prefix = way.prefix {
                value = value.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }
            }
            return known(value, invalid)
        case .query: return known(call.exchange.query[way.name ?? ""], invalid)
        case .cookie: return known(cookie(way.name ?? "", call), invalid)
        case .pair:
            guard let key = call.header(way.name ?? "") else { return .absent }
            guard let spec = plan.callers[key], spec.secret == nil || spec.secret == call.header(way.secretName ?? "") else {
                return invalid
            }
            return .caller(caller(spec))
        case .oauth:
            let token =
                way.header.flatMap(call.header) ?? way.query.flatMap { call.exchange.query[$0] }
                ?? Self.credential(way.scheme ?? "Bearer", call.header("authorization"))
            guard let token else { return .absent }
            return try oauthCaller(token).map(Finding.caller) ?? invalid
        case .session: return session(way, call, invalid)
        case .expression: return try computed(way, call, invalid)
        }
    }

    private func known(_ key: String?, _ invalid: Finding) -> Finding {
        guard let key, !key.isEmpty else { return .absent }
        return plan.callers[key].map { .caller(caller($0)) } ?? invalid
    }

    private func caller(_ spec: CallerSpec) -> Caller {
        Caller(key: spec.key, permissions: spec.permissions, entry: spec.entry)
    }

    private func oauthCaller(_ token: String) throws -> Caller? {
        guard let spec = plan.oauth, let found = oauth.tokens.access(token, now: core.clock.now) else { return nil }
        let scopes = JSONValue.array(found.scopes.map { .string($0) })
        var entry: JSONObject = ["key": .string("oauth \(found.consent)"), "client": .string(found.client), "scopes": scopes]
        if let script = spec.claims {
            let claims = try evaluate(script, nil, ["client": .string(found.client), "scopes": scopes])
            for (key, value) in claims?.object ?? [:] { entry[key] = value }
        }
        var permissions = Set(found.scopes)
        if let script = spec.permission {
            permissions = Set(try found.scopes.compactMap { try evaluate(script, .string($0))?.string })
        }
        return Caller(
            key: "oauth \(found.consent)",
            permissions: spec.ignoresScopes ? .all : .some(permissions), entry: entry)
    }

    private func session(_ way: AuthorizationSpec, _ call: Call, _ invalid: Finding) -> Finding {
        let token =
            way.header.flatMap(call.header) ?? way.query.flatMap { call.exchange.query[$0] }
            ?? way.cookie.flatMap { cookie($0, call) } ?? way.scheme.flatMap { Self.credential($0, call.header("authorization")) }
        guard let token, !token.isEmpty else { return .absent }
        guard let session = sessions[token], session.expiresAt > core.clock.now else {
            let isOld = sessions[token] != nil || endedSessions.contains(token)
            return isOld && plan.errors["session_expired"] != nil ? .wrong("session_expired") : invalid
        }
        var entry = session.claims
        let key = entry["key"]?.string ?? "session \(token.prefix(8))"
        entry["key"] = .string(key)
        return .caller(Caller(key: key, permissions: Permissions(entry["permissions"] ?? "all"), entry: entry))
    }

    private func computed(_ way: AuthorizationSpec, _ call: Call, _ invalid: Finding) throws -> Finding {
        guard let script = way.key, let key = try evaluate(script)?.string, !key.isEmpty else { return .absent }
        guard let spec = plan.callers[key] else { return invalid }
        if let valid = way.valid {
            let names: [String: JSONValue] = ["key": .string(key), "secret": .text(spec.secret)]
            guard try evaluate(valid, nil, names)?.bool == true else { return invalid }
        }
        return .caller(caller(spec))
    }

    private func cookie(_ name: String, _ call: Call) -> String? {
        let pairs = (call.header("cookie") ?? "").split(separator: ";").map { $0.split(separator: "=", maxSplits: 1) }
        return pairs.first { $0.count == 2 && HeaderValue.trim($0[0]) == name }.map { HeaderValue.trim($0[1]) }
    }

    private static func has(_ scheme: String, _ header: String) -> Bool {
        header.split(separator: " ").first?.lowercased() == scheme.lowercased()
    }

    private static func credential(_ scheme: String, _ header: String?) -> String? {
        guard let header, has(scheme, header) else { return nil }
        return HeaderValue.trim(header.dropFirst(scheme.count))
    }

    /// Counts the call.
    ///
    /// - Throws: `rate_limited`.
    func count(_ call: Call, _ route: RouteSpec) throws {
        guard let spec = route.rateLimit ?? plan.rateLimit else { return }
        let owner = route.rateLimit == nil ? "all" : "route \(route.index)"
        let key = spec.isPerKey ? "\(owner) \(call.caller?.key ?? "")" : owner
        let state = limiter.take(spec, key, now: core.clock.now)
        call.rate = state.values(now: core.clock.now)
        if !state.isAllowed, isLimiting {
            call.limited = true
            throw Ending.failure("rate_limited", ["retry_after": call.rate?["retry_after"] ?? 1])
        }
    }

    /// - Throws: `forbidden`.
    func permit(_ call: Call, _ route: RouteSpec) throws {
        guard let permission = route.permission, let caller = call.caller else { return }
        guard caller.permissions.allow(permission, writeReads: plan.writeReads) else {
            throw Ending.failure("forbidden", ["permission": .string(permission)])
        }
    }
}
