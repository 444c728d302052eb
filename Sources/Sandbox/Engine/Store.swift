import JSON

/// The records of one collection, in the order of their creation.
struct Table {
    private(set) var slots: [JSONValue?] = []
    private var places: [String: Int] = [:]

    var count: Int { places.count }
    var records: [JSONValue] { slots.compactMap { $0 } }

    func place(_ id: String) -> Int? { places[id] }

    subscript(id: String) -> JSONValue? { places[id].flatMap { slots[$0] } }

    mutating func append(_ id: String, _ record: JSONValue) {
        places[id] = slots.count
        slots.append(record)
    }

    mutating func set(_ id: String, _ record: JSONValue) {
        if let place = places[id] { slots[place] = record }
    }

    mutating func remove(_ id: String) {
        if let place = places.removeValue(forKey: id) { slots[place] = nil }
    }

    /// Undoes a removal.
    mutating func restore(_ id: String, _ record: JSONValue, at place: Int) {
        slots[place] = record
        places[id] = place
    }

    /// Closes the gaps once they are the greater part.
    mutating func compact(key: String) {
        guard slots.count > 64, places.count * 2 < slots.count else { return }
        slots = slots.filter { $0 != nil }
        places = [:]
        for (at, record) in slots.enumerated() {
            if let id = record?[key]?.plain { places[id] = at }
        }
    }
}

/// All collections of a sandbox, with what is needed to undo a request that fails.
struct Store {
    private enum Undo {
        case insertion(String, String)
        case removal(String, String, JSONValue, Int)
        case change(String, String, JSONValue)
    }

    var tables: [String: Table] = [:]
    var files = StoredFiles()
    private var undo: [Undo] = []

    /// - Parameter isSeed: seeds stay, also if the request that first asked for them fails.
    mutating func insert(_ collection: String, _ id: String, _ record: JSONValue, isSeed: Bool) {
        tables[collection, default: Table()].append(id, record)
        files.hold(record)
        if !isSeed { undo.append(.insertion(collection, id)) }
    }

    mutating func remove(_ collection: String, _ id: String) -> JSONValue? {
        guard let place = tables[collection]?.place(id), let record = tables[collection]?[id] else { return nil }
        tables[collection]?.remove(id)
        files.letGo(record)
        undo.append(.removal(collection, id, record, place))
        return record
    }

    mutating func change(_ collection: String, _ id: String, _ record: JSONValue) {
        guard let old = tables[collection]?[id] else { return }
        tables[collection]?.set(id, record)
        files.hold(record)
        files.letGo(old)
        undo.append(.change(collection, id, old))
    }

    /// Keeps what has been done since the last end.
    mutating func commit(_ key: (String) -> String) {
        for case .removal(let collection, _, _, _) in undo { tables[collection]?.compact(key: key(collection)) }
        undo = []
        files.sweep()
    }

    /// As at the last end.
    mutating func rollBack() {
        for step in undo.reversed() {
            switch step {
            case .insertion(let collection, let id):
                if let record = tables[collection]?[id] { files.letGo(record) }
                tables[collection]?.remove(id)
            case .removal(let collection, let id, let record, let place):
                tables[collection]?.restore(id, record, at: place)
                files.hold(record)
            case .change(let collection, let id, let old):
                if let record = tables[collection]?[id] { files.letGo(record) }
                tables[collection]?.set(id, old)
                files.hold(old)
            }
        }
        undo = []
        files.sweep()
    }
}
