import Encodings
import JSON
import JSONata
import MappingFunctions

/// Where the functions of a sandbox's expressions find its state.
final class MachineHolder: @unchecked Sendable {
    // Unchecked: set once, before the first evaluation; read inside the engine's lock.
    unowned var machine: Machine!
}

extension FunctionLibrary {
    /// The functions of mappings, and those of sandboxes.
    static func sandbox(_ holder: MachineHolder) -> FunctionLibrary {
        var library = FunctionLibrary.mapping
        func add(_ name: String, _ body: @escaping @Sendable (Machine, [JSONValue?]) throws -> JSONValue?) {
            library.add(name) { arguments in
                do { return try body(holder.machine, arguments) } catch let ending as Ending {
                    // The first cause counts.
                    if holder.machine.ending == nil { holder.machine.ending = ending }
                    throw JSONataError("D3141", "ended by \(name)")
                }
            }
        }
        addRecords(add)
        addEndings(add)
        addFiles(add)
        addSeeds(add)
        addOthers(add)
        return library
    }

    fileprivate typealias Add = (String, @escaping @Sendable (Machine, [JSONValue?]) throws -> JSONValue?) -> Void

    private static func addRecords(_ add: Add) {
        add("all") { machine, a in .array(try machine.table(a.text(0, "all")).records) }
        add("get") { machine, a in
            guard let id = a.at(1)?.plain else { return nil }
            return try machine.table(a.text(0, "get"))[id]
        }
        add("where") { machine, a in
            let wanted = a.at(1)?.object ?? [:]
            return .array(try machine.table(a.text(0, "where")).records.filter { Machine.fits($0, wanted) })
        }
        add("insert") { machine, a in
            let spec = try machine.spec(a.text(0, "insert"))
            _ = try machine.table(spec.name)
            return try machine.insert(spec, a.at(1) ?? .object([:]), at: machine.core.clock.now)
        }
        add("update") { machine, a in
            guard let id = a.at(1)?.plain else { return nil }
            return try machine.update(machine.spec(a.text(0, "update")), id, a.at(2) ?? .object([:]))
        }
        add("remove") { machine, a in
            guard let id = a.at(1)?.plain else { return nil }
            let name = try a.text(0, "remove")
            _ = try machine.table(name)
            return machine.store.remove(name, id)
        }
        add("show") { machine, a in
            guard let value = a.at(1) else { return nil }
            return try machine.show(machine.spec(a.text(0, "show")), value)
        }
        add("paginate") { machine, a in
            let records = a.at(0).map { $0.array ?? [$0] } ?? []
            guard let call = machine.call, let route = call.route else { return nil }
            return .object(
                JSONObject(try machine.page(records, machine.pagination(of: route), call, key: nil).values.map { ($0.key, $0.value) }))
        }
        add("matching") { machine, a in
            let records = a.at(0).map { $0.array ?? [$0] } ?? []
            guard let text = a.at(1)?.string, !text.isEmpty else { return .array(records) }
            let filter = try ODataFilter(text)
            return .array(records.filter(filter.keeps))
        }
        add("odata") { _, a in
            guard let text = a.at(0)?.string, !text.isEmpty else { return [] }
            return try ODataFilter(text).json
        }
    }

    private static func addEndings(_ add: Add) {
        add("fail") { _, a in throw Ending.failure(a.at(0)?.string ?? "invalid", a.at(1) ?? .object([:])) }
        add("need") { _, a in
            if let value = a.at(0), !value.isNull, value != "" { return value }
            throw Ending.failure(a.at(1)?.string ?? "not_found", a.at(2) ?? .object([:]))
        }
        add("respond") { _, a in
            throw Ending.response(status: a.at(0)?.int ?? 200, body: a.at(1), headers: a.at(2)?.object ?? [:])
        }
    }

    private static func addSeeds(_ add: Add) {
        add("person") { machine, a in Seeds(vendor: machine.plan.name, collection: "people").person(a.number(0)) }
        add("job") { machine, a in Seeds(vendor: machine.plan.name, collection: "jobs").job(a.number(0)) }
        add("stage") { _, a in Seeds.stage(a.number(0)) }
        add("choose") { _, a in
            guard let list = a.at(0).map({ $0.array ?? [$0] }), !list.isEmpty else { return nil }
            let n = a.number(1) - 1
            return list[((n % list.count) + list.count) % list.count]
        }
        add("integer") { machine, a in
            .integer(Seeds(vendor: machine.plan.name, collection: "numbers").integer(a.number(0), a.number(1), a.number(2)))
        }
        add("words") { machine, a in
            .string(Seeds(vendor: machine.plan.name, collection: "words").words(a.number(0), max(1, a.number(1))))
        }
        add("seeded") { machine, a in try machine.seededID(machine.spec(a.text(0, "seeded")), a.number(1)) }
        add("newID") { machine, a in
            guard let shape = IDShape.named(try a.text(0, "newID")) else { throw Ending.broken("$newID: no such shape") }
            return try machine.newID(shape)
        }
        add("iso") { _, a in a.milliseconds(0).map { .string(Timestamps.iso($0)) } }
        add("isoSeconds") { _, a in a.milliseconds(0).map { .string(Timestamps.isoSeconds($0)) } }
        add("isoDate") { _, a in a.milliseconds(0).map { .string(String(Timestamps.iso($0).prefix(10))) } }
    }

    private static func addOthers(_ add: Add) {
        add("link") { machine, a in
            guard let call = machine.call, let path = a.at(0)?.string else { return nil }
            return .string(machine.link(path, seconds: a.at(1)?.double ?? 600, call))
        }
        add("session") { machine, a in
            let token = Hex.text(machine.options.randomNumbers.bytes(20))
            let seconds = a.at(1)?.double ?? 3600
            machine.sessions[token] = (a.at(0)?.object ?? [:], machine.core.clock.now + Int64(seconds * 1000))
            return .string(token)
        }
        add("end_session") { machine, a in
            guard let token = a.at(0)?.string else { return nil }
            machine.endedSessions.insert(token)
            return .bool(machine.sessions.removeValue(forKey: token) != nil)
        }
        add("memo") { machine, a in
            let name = try a.text(0, "memo")
            if a.count > 1 { machine.memo[name] = a.at(1) }
            return machine.memo[name]
        }
        add("hmac") { _, a in
            let key = Array((a.at(1)?.plain ?? "").utf8), text = Array((a.at(2)?.plain ?? "").utf8)
            return MappingHash.authenticate(a.at(0)?.string ?? "SHA-256", key, text).map { .string(Hex.text($0)) }
        }
        add("xml") { _, a in a.at(0).map { .string(XMLText.element($0)) } }
        add("parseXML") { _, a in
            guard let text = a.at(0)?.string else { return nil }
            return try? XMLParser.parse(Array(text.utf8))
        }
        add("encode") { _, a in a.at(0)?.plain.map { .string(PercentEncoding.encoded($0)) } }
        add("decode") { _, a in a.at(0)?.plain.map { .string(PercentEncoding.decodedLeniently($0, plusIsSpace: false)) } }
    }
}

extension Machine {
    /// Whether the record has these members; numbers and texts of the same form are equal.
    static func fits(_ record: JSONValue, _ wanted: JSONObject) -> Bool {
        wanted.elements.allSatisfy { key, value in
            guard let own = record[key] else { return value.isNull }
            if own == value { return true }
            guard let a = own.plain, let b = value.plain else { return false }
            return a == b
        }
    }
}

extension [JSONValue?] {
    func at(_ index: Int) -> JSONValue? { index < count ? self[index] : nil }

    func text(_ index: Int, _ function: String) throws -> String {
        guard let text = at(index)?.string else { throw Ending.broken("$\(function): argument \(index + 1) is no text") }
        return text
    }

    /// A whole number; 0 where there is none.
    func number(_ index: Int) -> Int { at(index)?.double.map { Int($0) } ?? 0 }

    func milliseconds(_ index: Int) -> Int64? {
        guard let value = at(index) else { return nil }
        return value.double.map { Int64($0) } ?? value.string.flatMap(Timestamps.milliseconds)
    }
}
