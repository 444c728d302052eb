import JSON

/// A behaviour that cannot be understood; the message names the member.
struct BehaviourFault: Error {
    let message: String
}

extension BehaviourRule {
    /// Reads `{"match": {"method", "path"}, "times": N, "do": {…}}`; an unknown member is refused.
    init(_ json: JSONValue) throws(BehaviourFault) {
        let members = try Members(json, at: "", known: ["match", "times", "do"])
        let match = try Members(members["match"] ?? [:], at: "match.", known: ["method", "path"])
        guard let what = members["do"] else { throw BehaviourFault(message: "do is missing") }
        method = try match.string("method")
        path = try match.string("path")
        remaining = try members.count("times")
        action = try BehaviourAction(Members(what, at: "do.", known: BehaviourAction.known))
    }

    var json: JSONValue {
        [
            "id": .integer(id),
            "match": ["method": method.map { .string($0) } ?? .null, "path": path.map { .string($0) } ?? .null],
            "remaining": remaining.map { .integer($0) } ?? .null,
        ]
    }
}

extension BehaviourAction {
    fileprivate static let known = [
        "status", "headers", "body", "delay_ms", "hold", "read_body", "close", "bytes_per_s", "reset_at_byte",
        "stall_at_byte", "side",
    ]

    fileprivate init(_ members: Members) throws(BehaviourFault) {
        status = try members.count("status")
        if let status, !(200...599).contains(status) { throw BehaviourFault(message: "do.status is not 200 to 599") }
        if let fields = members["headers"] {
            guard let fields = fields.object else { throw BehaviourFault(message: "do.headers is not an object") }
            for (name, value) in fields {
                guard let text = value.string else { throw BehaviourFault(message: "do.headers.\(name) is not a string") }
                headers.append((name, text))
            }
        }
        body = members["body"]
        delayMilliseconds = try members.count("delay_ms") ?? 0
        holds = try members.bool("hold") ?? false
        readsBody = try members.bool("read_body") ?? false
        closes = try members.bool("close") ?? false
        transfer.bytesPerSecond = try members.count("bytes_per_s")
        if transfer.bytesPerSecond == 0 { throw BehaviourFault(message: "do.bytes_per_s is zero; use stall_at_byte") }
        transfer.resetAtByte = try members.count("reset_at_byte")
        transfer.stallAtByte = try members.count("stall_at_byte")
        if let text = try members.string("side") {
            guard let side = Side(rawValue: text) else {
                throw BehaviourFault(message: "do.side is neither request nor response")
            }
            self.side = side
        }
    }
}

/// Typed access to the members of one object, with their place for messages.
private struct Members {
    let object: JSONObject
    let place: String

    init(_ json: JSONValue, at place: String, known: [String]) throws(BehaviourFault) {
        guard let object = json.object else {
            throw BehaviourFault(message: "\(place.isEmpty ? "the body" : String(place.dropLast())) is not an object")
        }
        for (key, _) in object where !known.contains(key) {
            throw BehaviourFault(message: "\(place)\(key) is unknown; known are \(known.joined(separator: ", "))")
        }
        self.object = object
        self.place = place
    }

    subscript(key: String) -> JSONValue? {
        guard let value = object[key], !value.isNull else { return nil }
        return value
    }

    func string(_ key: String) throws(BehaviourFault) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.string else { throw BehaviourFault(message: "\(place)\(key) is not a string") }
        return text
    }

    func bool(_ key: String) throws(BehaviourFault) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let bool = value.bool else { throw BehaviourFault(message: "\(place)\(key) is not a boolean") }
        return bool
    }

    func count(_ key: String) throws(BehaviourFault) -> Int? {
        guard let value = self[key] else { return nil }
        guard let count = value.int, count >= 0 else {
            throw BehaviourFault(message: "\(place)\(key) is not a whole number of zero or more")
        }
        return count
    }
}
