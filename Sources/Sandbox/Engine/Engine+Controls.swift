import JSON

/// What the controls ask of a sandbox.
extension Engine {
    /// What is stored, for `GET /_sandbox/state`.
    var state: JSONValue {
        access { machine in
            var out: JSONObject = ["vendor": .string(machine.plan.name), "now_ms": .integer(core.clock.now)]
            if machine.plan.oauth != nil { out["oauth"] = machine.oauth.summary }
            if let script = machine.plan.state {
                do {
                    for (key, value) in try machine.evaluate(script, .object([:]))?.object ?? [:] { out[key] = value }
                } catch { out["error"] = .string("\(error)") }
            } else {
                var collections = JSONObject()
                for name in machine.plan.collections.keys.sorted() {
                    collections[name] = .array((try? machine.table(name).records) ?? [])
                }
                out["collections"] = .object(collections)
            }
            return .object(out)
        }
    }

    /// Back to the seeds.
    func reset() { access { $0.reset() } }

    /// Stores records without going through the vendor's API.
    func seed(_ request: JSONValue) throws(BehaviourFault) -> JSONValue {
        do {
            return try access { machine in
                do {
                    let result =
                        try request["collection"] == nil
                        ? machine.ownSeed(request) : machine.addSeeds(request)
                    machine.commit()
                    return result
                } catch {
                    machine.store.rollBack()
                    throw error
                }
            }
        } catch Ending.failure(let name, let args) {
            throw BehaviourFault(message: args["message"]?.string ?? "\(name): \(args.text())")
        } catch Ending.broken(let reason) {
            throw BehaviourFault(message: reason)
        } catch {
            throw BehaviourFault(message: "\(error)")
        }
    }

    /// Changes how the sandbox behaves until the next reset; gives its settings as they are now.
    func configure(_ request: JSONValue) throws(BehaviourFault) -> JSONValue {
        let lifetime = request["access_token_lifetime"]
        if let lifetime, lifetime.int.map({ $0 < 0 }) ?? true {
            throw BehaviourFault(message: "access_token_lifetime is not a whole number of seconds")
        }
        return access { machine in
            machine.oauth.configure(autoApprove: request["auto_approve"]?.bool, accessTokenLifetime: lifetime?.int)
            if request["revoke_consents"] == true { machine.oauth.revokeConsents() }
            if request["expire_sessions"] == true {
                machine.endedSessions.formUnion(machine.sessions.keys)
                machine.sessions = [:]
            }
            var out: JSONObject = machine.plan.oauth == nil ? [:] : machine.oauth.summary.object ?? [:]
            if let limiting = request["rate_limit"]?.bool {
                machine.isLimiting = limiting
                out["rate_limit"] = .bool(limiting)
            }
            if let latency = request["latency_ms"]?.int {
                machine.latencyMilliseconds = max(0, latency)
                out["latency_ms"] = .integer(machine.latencyMilliseconds)
            }
            for name in machine.plan.settings.keys {
                if let value = request[name] { machine.settings[name] = value }
                out[name] = machine.settings[name]
            }
            return .object(out)
        }
    }
}

extension Machine {
    /// `{"collection", "count", "values"}`.
    fileprivate func addSeeds(_ request: JSONValue) throws -> JSONValue {
        let spec = try spec(request["collection"]?.string ?? "")
        let table = try table(spec.name)
        let seeds = Seeds(vendor: plan.name, collection: spec.name)
        var n = max(spec.count, table.slots.count)
        var ids: [JSONValue] = []
        for _ in 0..<max(0, min(request["count"]?.int ?? 1, 10_000)) {
            n += 1
            var record = spec.record == nil ? JSONObject() : try generated(spec, n, seeds).object ?? [:]
            for (key, value) in request["values"]?.object ?? [:] { record[key] = value }
            let made = try insert(spec, .object(record), at: plan.epoch + Int64(n) * 3_600_000)
            ids.append(made[spec.key] ?? .null)
        }
        return ["ids": .array(ids)]
    }

    /// The file's own seeding.
    fileprivate func ownSeed(_ request: JSONValue) throws -> JSONValue {
        guard let script = plan.seed else { throw Ending.broken("'collection' is missing") }
        return try evaluate(script, nil, ["body": request]) ?? .object([:])
    }
}
