import Encodings
import JSON
import JSONata

/// The state of a sandbox and the evaluation of its expressions. `Engine` lets one request at a time into it.
final class Machine: @unchecked Sendable {
    // Unchecked: all of it is used inside `Engine`'s lock alone; an evaluation that goes on in a deeper thread is
    // waited for there.

    let plan: VendorPlan
    let core: SandboxCore
    let options: SandboxOptions
    var store = Store()
    /// Collections whose seeds have been made.
    private var seeded: Set<String> = []
    var sessions: [String: (claims: JSONObject, expiresAt: Int64)] = [:]
    var endedSessions: Set<String> = []
    var oauth: OAuthServer
    var limiter = RateLimiter()
    var memo: JSONObject = [:]
    var settings: JSONObject
    var isLimiting: Bool
    var latencyMilliseconds: Int
    /// Tokens of lists that were given out, by what they name.
    var cursors: [String: String] = [:]
    let secret: String
    /// The request whose expressions are evaluated.
    var call: Call?
    /// Set by a function that ends the evaluation.
    var ending: Ending?
    private var sequences: [String: Int] = [:]

    init(plan: VendorPlan, core: SandboxCore, options: SandboxOptions) {
        self.plan = plan
        self.core = core
        self.options = options
        settings = plan.settings
        isLimiting = options.rateLimit
        latencyMilliseconds = plan.latencyMilliseconds
        oauth = OAuthServer(plan.oauth, options: options)
        secret = Hex.text(options.randomNumbers.bytes(16))
    }

    func reset() {
        store = Store()
        seeded = []
        sessions = [:]
        endedSessions = []
        oauth = OAuthServer(plan.oauth, options: options)
        limiter = RateLimiter()
        memo = [:]
        settings = plan.settings
        isLimiting = options.rateLimit
        latencyMilliseconds = plan.latencyMilliseconds
        cursors = [:]
        sequences = [:]
    }

    // MARK: Evaluation

    /// - Parameters:
    ///   - input: the context; nil is the request as an object.
    ///   - extra: variables beyond those of the request.
    func evaluate(
        _ script: Script, _ input: JSONValue? = nil, _ extra: [String: JSONValue] = [:]
    ) throws -> JSONValue? {
        let compiled = script.compiled
        let expression: Expression
        switch compiled.expression {
        case .success(let fine): expression = fine
        case .failure(let error): throw Ending.broken("\(script.place): \(error)")
        }
        var bindings: [String: JSONValue] = [:]
        for name in compiled.variables where name != "$" {
            if let value = extra[name] ?? call?.value(name, settings: settings) ?? general(name) { bindings[name] = value }
        }
        do {
            return try expression.evaluate(input ?? requestValue(compiled), bindings: bindings)
        } catch {
            if let ending {
                self.ending = nil
                throw ending
            }
            throw Ending.broken("\(script.place): \(error)")
        }
    }

    private func general(_ name: String) -> JSONValue? {
        switch name {
        case "now": .integer(core.clock.now)
        case "settings": .object(settings)
        default: nil
        }
    }

    /// The request as an object, of what the expression may read.
    private func requestValue(_ compiled: Script.Compiled) -> JSONValue? {
        guard let call else { return nil }
        var out = JSONObject()
        for name in compiled.members {
            if let value = call.value(name, settings: settings) { out[name] = value }
        }
        return .object(out)
    }

    func render(_ template: TextTemplate, _ extra: [String: JSONValue] = [:]) throws -> String {
        var out = ""
        for piece in template.pieces {
            switch piece {
            case .text(let text): out += text
            case .script(let script):
                let value = try evaluate(script, nil, extra)
                out += value.map { $0.string ?? ($0.isNull ? "" : $0.text()) } ?? ""
            }
        }
        return out
    }

    // MARK: Records

    func spec(_ collection: String) throws -> CollectionSpec {
        guard let spec = plan.collections[collection] else { throw Ending.broken("there is no collection '\(collection)'") }
        return spec
    }

    /// The collection's records, made on first use.
    func table(_ collection: String) throws -> Table {
        if !seeded.contains(collection) { try fill(spec(collection)) }
        return store.tables[collection] ?? Table()
    }

    private func fill(_ spec: CollectionSpec) throws {
        seeded.insert(spec.name)
        let seeds = Seeds(vendor: plan.name, collection: spec.name)
        for record in try fixed(spec) { try insert(spec, record, at: plan.epoch, isSeed: true) }
        for n in 0..<spec.count {
            try insert(spec, generated(spec, n + 1, seeds), at: plan.epoch + Int64(n) * 3_600_000, isSeed: true)
        }
    }

    func fixed(_ spec: CollectionSpec) throws -> [JSONValue] {
        guard let script = spec.fixedScript else { return spec.fixed }
        return try evaluate(script, .object([:])).map { $0.array ?? [$0] } ?? []
    }

    /// The n-th generated record.
    func generated(_ spec: CollectionSpec, _ n: Int, _ seeds: Seeds) throws -> JSONValue {
        guard let script = spec.record else { throw Ending.broken("collection '\(spec.name)' has no 'record'") }
        let id = try seededID(spec, n)
        let created = plan.epoch + Int64(n) * 3_600_000
        let given = try evaluate(
            script, .object([:]), ["n": .integer(n), "id": id, "created": .integer(created)]
        )
        var record: JSONObject = [spec.key: id]
        for (key, value) in given?.object ?? [:] { record[key] = value }
        return .object(record)
    }

    /// The id of the n-th generated record.
    func seededID(_ spec: CollectionSpec, _ n: Int) throws -> JSONValue {
        switch spec.shape {
        case .integer(let first): .integer(first + (try fixed(spec).count) + n - 1)
        case .script(let script): try evaluate(script, .object([:]), ["n": .integer(n)]) ?? .integer(n)
        default: .string(Seeds(vendor: plan.name, collection: spec.name).id(spec.shape, n))
        }
    }

    @discardableResult
    func insert(_ spec: CollectionSpec, _ given: JSONValue, at time: Int64, isSeed: Bool = false) throws -> JSONValue {
        guard var record = given.object else { throw Ending.broken("a record of '\(spec.name)' is no object") }
        if record[spec.key]?.plain == nil {
            var fresh: JSONObject = [spec.key: try newID(spec.shape, spec)]
            for (key, value) in record where key != spec.key { fresh[key] = value }
            record = fresh
        }
        if record["_created"] == nil { record["_created"] = .integer(time) }
        if record["_updated"] == nil { record["_updated"] = .integer(time) }
        guard let id = record[spec.key]?.plain else { throw Ending.broken("a record of '\(spec.name)' has no id") }
        if store.tables[spec.name]?[id] != nil { throw Ending.broken("'\(spec.name)' already has \(id)") }
        store.insert(spec.name, id, .object(record), isSeed: isSeed)
        return .object(record)
    }

    func newID(_ shape: IDShape, _ spec: CollectionSpec? = nil) throws -> JSONValue {
        switch shape {
        case .integer(let first):
            let name = spec?.name ?? ""
            var next = sequences[name] ?? first
            if let spec {
                let table = try table(spec.name)
                while table[String(next)] != nil { next += 1 }
            }
            sequences[name] = next + 1
            return .integer(next)
        case .script(let script):
            let name = spec?.name ?? ""
            let next = sequences[name] ?? (spec.map { $0.count + 1 } ?? 1)
            sequences[name] = next + 1
            return try evaluate(script, .object([:]), ["n": .integer(next)]) ?? .integer(next)
        default: return .string(Seeds.randomID(shape, options.randomNumbers))
        }
    }

    func update(_ spec: CollectionSpec, _ id: String, _ changes: JSONValue) throws -> JSONValue? {
        guard var record = try table(spec.name)[id]?.object else { return nil }
        for (key, value) in changes.object ?? [:] { record[key] = value }
        record["_updated"] = .integer(core.clock.now)
        store.change(spec.name, id, .object(record))
        return .object(record)
    }

    /// A record, or each of several, as the vendor prints it.
    func show(_ spec: CollectionSpec, _ value: JSONValue) throws -> JSONValue {
        if let items = value.array { return .array(try items.map { try show(spec, $0) }) }
        if let script = spec.show { return try evaluate(script, value) ?? .null }
        guard let record = value.object else { return value }
        return .object(JSONObject(record.elements.filter { !$0.key.hasPrefix("_") && $0.value["$file"] == nil }))
    }
}
